//! Answers of the console: a page, or the way to the next one.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, http::header};
use askama::Template;

use crate::platform::web::Rendered;
use crate::platform::{Error, Result};

/// Nothing from elsewhere, nothing inline, in nobody's frame.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
     frame-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Text that is HTML already and is shown as it stands.
#[derive(Debug, Clone, Default)]
pub struct Html(String);

impl Html {
    /// A part of a page, rendered.
    pub fn of(template: &impl Template) -> Result<Html> {
        template.render().map(Html).map_err(Error::internal)
    }

    /// Nothing.
    pub const fn empty() -> Html {
        Html(String::new())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Plain text.
    pub fn text(text: impl AsRef<str>) -> Html {
        Html(escaped(text.as_ref()))
    }

    /// A link within the console.
    pub fn link(address: &str, text: impl AsRef<str>) -> Html {
        Html(format!("<a href=\"{}\">{}</a>", escaped(address), escaped(text.as_ref())))
    }

    /// A light: shape, word, colour.
    pub fn light(shape: &str, colour: &str, word: &str) -> Html {
        let svg =
            format!("<svg class=\"lt\" aria-hidden=\"true\" focusable=\"false\"><use href=\"#l-{shape}\"/></svg>");
        Html(format!("<span class=\"st c-{colour}\">{svg}{}</span>", escaped(word)))
    }

    /// A light that leads to what it is about.
    pub fn light_link(address: &str, shape: &str, colour: &str, word: &str) -> Html {
        Html(format!("<a href=\"{}\">{}</a>", escaped(address), Html::light(shape, colour, word)))
    }

    /// A name with the shape of where it stands, which leads to what it is about; the word of the shape is heard.
    pub fn shape_link(address: &str, shape: &str, colour: &str, name: &str, word: &str) -> Html {
        let svg =
            format!("<svg class=\"lt\" aria-hidden=\"true\" focusable=\"false\"><use href=\"#l-{shape}\"/></svg>");
        let (name, word) = (escaped(name), escaped(word));
        Html(format!(
            "<a class=\"st c-{colour} by-shape\" href=\"{}\" title=\"{word}\">{svg}{name}<span class=\"vh\"> {word}</span></a>",
            escaped(address)
        ))
    }

    /// HTML that another part of the program has made safe.
    pub fn safe(html: String) -> Html {
        Html(html)
    }

    /// Several, one after the other with something between.
    pub fn joined(parts: impl IntoIterator<Item = Html>, between: &str) -> Html {
        Html(parts.into_iter().map(|part| part.0).collect::<Vec<_>>().join(&escaped(between)))
    }

    /// Several, each on a line of its own.
    pub fn lines(parts: impl IntoIterator<Item = Html>) -> Html {
        Html(parts.into_iter().map(|part| part.0).collect::<Vec<_>>().join("<br>"))
    }

    /// What may be done with one of many, beside each other.
    pub fn acts<const N: usize>(links: [(String, std::borrow::Cow<'_, str>); N]) -> Html {
        let links = links.iter().map(|(address, words)| Html::link(address, words).0).collect::<String>();
        Html(format!("<span class=\"acts\">{links}</span>"))
    }

    /// A name in a tree, so many steps below the top.
    pub fn below(depth: usize, name: &str) -> Html {
        Html(format!("<span class=\"step{}\">{}</span>", depth.min(6), escaped(name)))
    }

    /// A text with something small below it.
    pub fn with_note(self, note: impl AsRef<str>) -> Html {
        if note.as_ref().is_empty() {
            self
        } else {
            Html(format!("{}<span class=\"sub\">{}</span>", self.0, escaped(note.as_ref())))
        }
    }

    /// A document that was made into safe HTML, as it stands on a page under its title: the title is not said twice, and
    /// a table that is wider than the window is moved by itself.
    pub fn document(html: &str, title: &str) -> Html {
        let heading = format!("<h1>{}</h1>", escaped(title));
        let body = html.trim_start().strip_prefix(&heading).unwrap_or(html);
        let scroll = format!(
            "<div class=\"scroll\" role=\"group\" aria-label=\"{}\" tabindex=\"0\"><table class=\"tbl\">",
            escaped(title)
        );
        let body = body.replace(" align=\"right\"", " class=\"num\"").replace(" align=\"left\"", "");
        let body = body.replace(" align=\"center\"", " class=\"c\"");
        Html(body.replace("<table>", &scroll).replace("</table>", "</table></div>"))
    }

    /// A small table under a sentence; `**` sets words of the sentence in bold.
    pub fn table<const N: usize>(
        sentence: &str,
        head: [String; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Html {
        let cells = |cells: &[String], tag: &str| {
            cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect::<String>()
        };
        let head = cells(&head, "th");
        let rows: String = rows.into_iter().map(|row| format!("<tr>{}</tr>", cells(&row, "td"))).collect();
        let table = format!("<table class=\"tbl\"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>");
        Html(format!("<p>{}</p>{table}", Html::rich(sentence)))
    }

    /// A sentence in which `**` sets words in bold; everything else of it is shown and means nothing.
    pub fn rich(sentence: &str) -> Html {
        let mut html = String::with_capacity(sentence.len() + 16);
        for (index, part) in sentence.split("**").enumerate() {
            let escaped = escaped(part);
            if index % 2 == 1 {
                html.push_str("<b>");
                html.push_str(&escaped);
                html.push_str("</b>");
            } else {
                html.push_str(&escaped);
            }
        }
        Html(html)
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl std::fmt::Display for Html {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Html {}

/// A page.
pub fn page(template: &impl Template) -> Result<HttpResponse> {
    page_with(StatusCode::OK, template)
}

/// A page with a status.
pub fn page_with(status: StatusCode, template: &impl Template) -> Result<HttpResponse> {
    let body = template.render().map_err(Error::internal)?;
    let mut response = HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .insert_header((header::X_FRAME_OPTIONS, "DENY"))
        .body(body);
    response.extensions_mut().insert(Rendered);
    Ok(response)
}

/// A form that was not done, shown again with what to mend.
pub fn form_again(template: &impl Template) -> Result<HttpResponse> {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// On to another page, after something was done.
pub fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

/// The address, when it is one of this console; else the first page. What comes from outside never leads away.
pub fn local(address: &str) -> &str {
    let own = address.starts_with('/') && !address.starts_with("//") && !address.contains(['\\', '\r', '\n', '\t']);
    if own { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_from_outside_never_leads_away() {
        for own in ["/", "/todo", "/todo?kind=to_report"] {
            assert_eq!(local(own), own);
        }
        for foreign in ["", "//evil.example", "https://evil.example", "/\\evil.example", "todo", "/a\nb", "/\t/x"] {
            assert_eq!(local(foreign), "/", "{foreign:?}");
        }
    }

    #[test]
    fn only_the_stars_of_a_sentence_mean_anything() {
        assert_eq!(Html::rich("有**<4>件**要办 & 其他").to_string(), "有<b>&lt;4&gt;件</b>要办 &amp; 其他");
    }
}
