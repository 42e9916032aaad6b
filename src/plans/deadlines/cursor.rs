//! Written words as glyphs of one width, and a cursor that walks along them.

/// A character as it is compared and as it was written.
#[derive(Debug, Clone, Copy)]
pub struct Glyph {
    pub norm: char,
    pub orig: char,
}

/// What stands in a cell in one width: full-width letters and digits narrowed, spaces gone, every dash of a range 至.
/// A space between two digits stays, for it would make another number of them.
pub fn glyphs(words: &str) -> Vec<Glyph> {
    let mut found: Vec<Glyph> = vec![];
    let mut gap = None;
    for orig in words.trim().chars() {
        let norm = narrow(orig);
        if norm == ' ' {
            gap = Some(orig);
            continue;
        }
        let after_digit = found.last().is_some_and(|last| last.norm.is_ascii_digit());
        if let Some(space) = gap.take()
            && after_digit
            && norm.is_ascii_digit()
        {
            found.push(Glyph { norm: ' ', orig: space });
        }
        if norm == '至' && orig != '至' && found.last().is_some_and(|last| last.norm == '至') {
            continue;
        }
        found.push(Glyph { norm, orig });
    }
    found
}

fn narrow(orig: char) -> char {
    match orig {
        '\n' | '\r' | '，' => ',',
        '；' | '。' => ';',
        '—' | '–' | '―' | '─' | '~' | '～' | '〜' => '至',
        '‐' | '‑' | '−' => '-',
        '〔' | '【' | '[' => '(',
        '〕' | '】' | ']' => ')',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(orig) - 0xfee0).map_or(orig, |narrowed| narrowed.to_ascii_uppercase())
        }
        _ if orig.is_whitespace() => ' ',
        _ => orig.to_ascii_uppercase(),
    }
}

/// A number as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    pub value: u32,
    /// How many digits it was written with.
    pub digits: usize,
    pub arabic: bool,
}

/// A place in the words.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    rest: &'a [Glyph],
}

impl<'a> Cursor<'a> {
    pub fn new(glyphs: &'a [Glyph]) -> Self {
        Cursor { rest: glyphs }
    }

    pub fn rest(&self) -> &'a [Glyph] {
        self.rest
    }

    pub fn at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn peek(&self) -> Option<char> {
        self.rest.first().map(|glyph| glyph.norm)
    }

    /// Whether these words come next.
    pub fn sees(&self, words: &str) -> bool {
        let mut walk = self.rest.iter();
        words.chars().all(|wanted| walk.next().is_some_and(|glyph| glyph.norm == wanted))
    }

    pub fn sees_any(&self, words: &[&str]) -> bool {
        words.iter().any(|one| self.sees(one))
    }

    pub fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or(&[]);
    }

    /// Steps over these words if they come next.
    pub fn eat(&mut self, words: &str) -> bool {
        let seen = self.sees(words);
        if seen {
            self.skip(words.chars().count());
        }
        seen
    }

    /// Steps over the longest of these words that comes next.
    pub fn eat_any<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        let found = words.iter().filter(|one| self.sees(one)).max_by_key(|one| one.len()).copied()?;
        self.eat(found);
        Some(found)
    }

    /// Steps over the longest of these words that comes next and gives what it stands for.
    pub fn eat_meaning<T: Copy>(&mut self, table: &[(&str, T)]) -> Option<T> {
        let (word, meaning) = table.iter().filter(|(word, _)| self.sees(word)).max_by_key(|(word, _)| word.len())?;
        self.eat(word);
        Some(*meaning)
    }

    /// Steps over a number in Arabic or Chinese digits.
    pub fn number(&mut self) -> Option<Number> {
        let arabic: String = self.rest.iter().map(|g| g.norm).take_while(char::is_ascii_digit).collect();
        if !arabic.is_empty() {
            let value = (arabic.len() <= 8).then(|| arabic.parse().ok()).flatten()?;
            self.skip(arabic.len());
            return Some(Number { value, digits: arabic.len(), arabic: true });
        }
        let run: Vec<char> = self.rest.iter().map(|g| g.norm).take_while(|c| CHINESE.contains(*c)).collect();
        let value = chinese(&run)?;
        self.skip(run.len());
        Some(Number { value, digits: run.len(), arabic: false })
    }
}

const CHINESE: &str = "〇零○一二两三四五六七八九十廿卅";

fn digit(c: char) -> Option<u32> {
    let at = "〇一二三四五六七八九".chars().position(|known| known == c);
    at.and_then(|at| u32::try_from(at).ok()).or(match c {
        '零' | '○' => Some(0),
        '两' => Some(2),
        _ => None,
    })
}

/// 六, 十二, 三十一, 廿九, 卅一; four single digits are a year.
fn chinese(run: &[char]) -> Option<u32> {
    match run {
        [a, b, c, d] => [*a, *b, *c, *d].into_iter().try_fold(0, |sum, one| Some(sum * 10 + digit(one)?)),
        ['十'] => Some(10),
        ['廿'] => Some(20),
        ['卅'] => Some(30),
        [one] => digit(*one),
        ['十', unit] => Some(10 + digit(*unit)?),
        ['廿', unit] => Some(20 + digit(*unit)?),
        ['卅', unit] => Some(30 + digit(*unit)?),
        [tens, '十'] => Some(10 * digit(*tens)?),
        [tens, '十', unit] => Some(10 * digit(*tens)? + digit(*unit)?),
        _ => None,
    }
}
