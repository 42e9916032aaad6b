//! How often something is due: 至少4次, 不少于2次, 一次.

use super::cursor::Cursor;
use super::{Read, Refusal};

const AT_LEAST: &[&str] = &["至少", "不少于", "不低于", "最少", "至少开展", "至少召开", "至少组织"];
const VERBS: &[&str] = &["开展", "召开", "组织", "进行", "组织开展", "完成", "报送", "上报"];

/// A count, if one comes next. More than 366 is none a year can hold.
pub fn count(cursor: &mut Cursor) -> Read<Option<i64>> {
    let mut ahead = *cursor;
    let _ = ahead.eat_any(&["均", "各"]);
    let _ = ahead.eat_any(VERBS);
    let least = ahead.eat_any(AT_LEAST).is_some();
    let Some(number) = ahead.number() else { return Ok(None) };
    if ahead.eat_any(&["次", "场次", "场"]).is_none() {
        return Ok(None);
    }
    let _ = ahead.eat_any(&["以上", "及以上"]);
    if number.value == 0 || number.value > 366 {
        let nearest = if least { "至少1次" } else { "1次" };
        return Err(Refusal::better(nearest));
    }
    *cursor = ahead;
    Ok(Some(i64::from(number.value)))
}
