//! Which language a text is in. English is read fully; of others only sentences and numbers.

use crate::lexicon::Class;
use crate::token::Text;

/// What the words of a text tell of its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// ISO 639-1 code, "und" where nothing tells.
    pub code: &'static str,
    /// What the letters look like, be it ever so short a text.
    pub guess: &'static str,
    pub sure: bool,
}

impl Language {
    const fn sure(code: &'static str) -> Self {
        Self { code, guess: code, sure: true }
    }
}

pub fn detect(text: &Text<'_>) -> Language {
    let looked = text.len().min(3000);
    let (mut words, mut function_words) = (0u32, 0u32);
    for i in 0..looked {
        let token = text.at(i);
        if token.is_word() {
            words += 1;
            function_words += u32::from(
                token.has(
                    Class::DETERMINER
                        .or(Class::PREPOSITION)
                        .or(Class::BE)
                        .or(Class::HAVE)
                        .or(Class::CONJUNCTION)
                        .or(Class::SUBORDINATOR)
                        .or(Class::MODAL),
                ),
            );
        }
    }
    if words == 0 {
        return Language::sure("und");
    }
    if function_words * 100 >= words * 22 {
        return Language::sure("en");
    }
    let mut cut = text.source.len().min(3000);
    while !text.source.is_char_boundary(cut) {
        cut -= 1;
    }
    let sample = text.source.get(..cut).unwrap_or("");
    let Some(info) = whatlang::detect(sample) else { return Language::sure("und") };
    let guess = two_letters(info.lang().code());
    if guess == "en" {
        return Language { code: "en", guess, sure: false };
    }
    let latin = info.script() == whatlang::Script::Latin;
    let sure = info.is_reliable() && words >= 8 || !latin;
    if sure && function_words * 100 < words * 15 {
        Language::sure(guess)
    } else {
        Language { code: if latin { "en" } else { "und" }, guess, sure: false }
    }
}

fn two_letters(code: &str) -> &'static str {
    match code {
        "eng" => "en",
        "ukr" => "uk",
        "rus" => "ru",
        "fra" => "fr",
        "deu" => "de",
        "spa" => "es",
        "por" => "pt",
        "ita" => "it",
        "nld" => "nl",
        "pol" => "pl",
        "ara" => "ar",
        "pes" => "fa",
        "heb" => "he",
        "tur" => "tr",
        "cmn" => "zh",
        "jpn" => "ja",
        "kor" => "ko",
        "hin" => "hi",
        "urd" => "ur",
        "ben" => "bn",
        "ell" => "el",
        "bul" => "bg",
        "ces" => "cs",
        "slk" => "sk",
        "ron" => "ro",
        "hun" => "hu",
        "swe" => "sv",
        "dan" => "da",
        "nob" => "no",
        "fin" => "fi",
        "est" => "et",
        "lav" => "lv",
        "lit" => "lt",
        "hrv" => "hr",
        "srp" => "sr",
        "slv" => "sl",
        "mkd" => "mk",
        "bel" => "be",
        "kat" => "ka",
        "hye" => "hy",
        "aze" => "az",
        "uzb" => "uz",
        "vie" => "vi",
        "tha" => "th",
        "ind" => "id",
        "tgl" => "tl",
        "cat" => "ca",
        "lat" => "la",
        "afr" => "af",
        "tam" => "ta",
        "tel" => "te",
        "mal" => "ml",
        "kan" => "kn",
        "guj" => "gu",
        "pan" => "pa",
        "mar" => "mr",
        "nep" => "ne",
        "sin" => "si",
        "mya" => "my",
        "khm" => "km",
        "amh" => "am",
        "zul" => "zu",
        "sna" => "sn",
        "epo" => "eo",
        "yid" => "yi",
        "jav" => "jv",
        "ori" => "or",
        "tuk" => "tk",
        "aka" => "ak",
        _ => "und",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    #[test]
    fn languages_are_told_apart() {
        assert_eq!(
            detect(&token::read("The ministry said on Monday that ten people were killed in the raid.")).code,
            "en"
        );
        assert_eq!(
            detect(&token::read(
                "Das Ministerium teilte am Montag mit, dass bei dem Angriff zehn Menschen getötet wurden."
            ))
            .code,
            "de"
        );
        assert_eq!(
            detect(&token::read(
                "Десять людей загинули внаслідок нічного обстрілу міста, повідомили в міністерстві."
            ))
            .code,
            "uk"
        );
        assert_eq!(detect(&token::read("… 123")).code, "und");
    }
}
