//! `claimdesk ingest`: takes one article in from the command line.

use crate::config::Ingest;
use crate::front_matter::{self, Head};
use anyhow::{Context as _, bail};
use desk::{NewArticle, Outcome};
use domain::words::{ArticleText, Author, Email, Invalid, OutletName, Title, WebAddress};
use std::io::Read as _;
use std::path::Path;

/// # Errors
/// Where the file cannot be read, a word is not as it must be, or the desk refuses.
pub async fn run(options: Ingest) -> anyhow::Result<()> {
    let shown = options.file.display().to_string();
    if shown.starts_with("https://") || shown.starts_with("http://") {
        bail!("reading an article by its address is not offered; save its text and give the file");
    }
    let bytes = read(&options.file).with_context(|| format!("could not read {shown}"))?;
    let file = String::from_utf8(bytes).with_context(|| format!("{shown} is not UTF-8"))?;
    let (head, text) = front_matter::split(&file)?;
    let head = Head {
        title: options.title.or(head.title),
        outlet: options.outlet.or(head.outlet),
        address: options.address.or(head.address),
        author: options.author.or(head.author),
        published: options.published.or(head.published),
        language: options.language.or(head.language),
    };
    let article = article(&head, text)?;
    let desk = options.database.connect().await?;
    let actor = desk.actor_by_email(&Email::parse(&options.by)?).await?;
    let added = desk.add_article(&actor, article, None).await?;
    let view = desk.article(&actor, added.article).await?;
    let said = match added.outcome {
        Outcome::New => "Added",
        Outcome::NewVersion => "Added as a new version",
        Outcome::Known => "The desk has this already",
    };
    let claims = match view.claims.len() {
        1 => "1 claim".to_owned(),
        claims => format!("{claims} claims"),
    };
    eprintln!("{said}: “{}”, {claims}.", view.article.title);
    crate::print(format!("{}\n", added.article).as_bytes())
}

/// An article as its head and text tell it.
///
/// # Errors
/// `Invalid` for the first word that is not as it must be.
pub fn article(head: &Head, text: &str) -> Result<NewArticle, Invalid> {
    let given = |word: &Option<String>| word.clone().unwrap_or_default();
    Ok(NewArticle {
        title: Title::parse(&given(&head.title))?,
        text: ArticleText::parse(text)?,
        outlet: OutletName::optional(&given(&head.outlet))?,
        address: WebAddress::optional("address", &given(&head.address))?,
        author: Author::optional(&given(&head.author))?,
        published: head.published.as_deref().map(front_matter::published).transpose()?,
        language: head.language.as_deref().map(front_matter::language).transpose()?,
    })
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    if file != Path::new("-") {
        return std::fs::read(file);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}
