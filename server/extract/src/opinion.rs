//! How much of a sentence is judgement rather than report: a sum of marks of both, weighed by hand.
//!
//! What speaks for judgement: evaluative words, necessity, denial, absolutes, comparison, intensifiers,
//! the general present, connectives of argument, deixis to what was said before. What speaks for report:
//! figures, dates, names, the past tense, and speech joined to a speaker, since a report of another's
//! opinion is a report. That a sentence is worth checking speaks for report too. No weight was fitted
//! to sentences labelled for opinion: each is a round share of the step from "hardly" to "likely".

use crate::lexicon::Class;
use crate::token::{Kind, Text};
use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::ops::Range;
use std::sync::LazyLock;

/// The sum from which on a sentence is more judgement than report. News reports more than it judges:
/// a sentence needs some marks of judgement before it counts as one.
const THRESHOLD: f64 = 0.6;

/// 0 to 1: how much of a sentence is judgement. `worth` is the sum behind its check-worthiness, `told`
/// how many passages of speech with a speaker it holds.
pub fn subjectivity(text: &Text<'_>, range: &Range<usize>, worth: f64, told: usize) -> f64 {
    let sum = judgement(text, range)
        - report(text, range)
        - 0.25 * worth.clamp(-6.0, 4.0)
        - 0.4 * told.min(2) as f64;
    let chance = 1.0 / (1.0 + libm::exp(THRESHOLD - sum));
    (chance.clamp(0.001, 0.999) * 1000.0).round() / 1000.0
}

/// How often something holds, no more than `most`: a long sentence is no stronger opinion.
fn times(range: &Range<usize>, most: usize, holds: impl Fn(usize) -> bool) -> f64 {
    range.clone().filter(|&k| holds(k)).take(most).count() as f64
}

fn judgement(text: &Text<'_>, range: &Range<usize>) -> f64 {
    let low = |k: usize| text.low(k);
    let words = |most: usize, listed: &[&str]| times(range, most, |k| listed.contains(&low(k)));
    let first = range.clone().find(|&k| text.at(k).is_word()).map_or("", low);
    let mut sum = 0.0;
    sum += 0.3 * times(range, 3, |k| text.at(k).is_word() && is_evaluative(low(k)));
    sum += 0.2 * times(range, 4, |k| has_evaluative_ending(low(k)));
    sum += 0.3 * times(range, 3, |k| text.at(k).has(Class::NEGATION) || low(k) == "nothing");
    sum += 0.2 * words(3, MODALS);
    sum += 0.3 * words(2, NECESSITY);
    sum += 0.15 * words(4, DEGREE);
    sum += 0.15 * words(3, ABSOLUTES);
    sum += 0.15 * words(4, PRESENT);
    sum += 0.12 * words(3, POINTING);
    sum += 0.15 * words(3, ARGUMENT);
    sum += 0.1 * words(3, &["we", "our", "us", "ourselves", "i", "my", "you", "your"]);
    if ARGUMENT.contains(&first) || matches!(first, "and" | "so" | "or" | "of") {
        sum += 0.3;
    }
    if matches!(first, "this" | "these" | "such" | "that" | "it" | "there" | "what") {
        sum += 0.2;
    }
    sum += 0.1
        * times(range, 3, |k| matches!(text.at(k).sign, ';' | ':' | '(') || text.at(k).kind == Kind::Dash);
    if range.clone().any(|k| text.at(k).sign == '!') {
        sum += 0.3;
    }
    if range.clone().any(|k| scare_quote(text, k, range.end)) {
        sum += 0.2;
    }
    sum
}

fn report(text: &Text<'_>, range: &Range<usize>) -> f64 {
    let low = |k: usize| text.low(k);
    let words = times(range, usize::MAX, |k| text.at(k).is_word()).max(1.0);
    let names = times(range, usize::MAX, |k| k > range.start && text.is_name(k) && low(k).len() > 1);
    let mut sum = 0.0;
    sum += 0.3 * times(range, 4, |k| text.at(k).kind == Kind::Number);
    sum += 4.0 * names / words;
    sum += 0.4 * times(range, 2, |k| SPEECH.contains(&low(k)));
    sum += 0.1 * times(range, 4, |k| is_past(low(k)));
    sum +=
        0.2 * times(range, 3, |k| text.at(k).has(Class::WEEKDAY.or(Class::MONTH)) || TIMES.contains(&low(k)));
    sum
}

/// One to three words in quotation marks: a word held at arm's length.
fn scare_quote(text: &Text<'_>, at: usize, end: usize) -> bool {
    let opens = matches!(text.at(at).kind, Kind::Open | Kind::SingleOpen);
    let close =
        (at + 2..(at + 5).min(end)).find(|&k| matches!(text.at(k).kind, Kind::Close | Kind::SingleClose));
    opens && close.is_some_and(|close| (at + 1..close).all(|k| text.at(k).is_word() && !text.is_name(k)))
}

fn is_past(word: &str) -> bool {
    word.len() > 4 && word.ends_with("ed") || matches!(word, "was" | "were" | "had" | "did")
}

fn has_evaluative_ending(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "less", "ous", "ful", "ism", "ist", "ive", "ible", "able", "ity", "ness", "ish", "ical", "ary", "ic",
    ];
    word.len() > 5
        && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        && ENDINGS.iter().any(|e| word.ends_with(e))
}

/// Whether a word judges what it speaks of.
fn is_evaluative(word: &str) -> bool {
    EVALUATIVE.contains(word)
        || ["ly", "s", "es", "ness"]
            .iter()
            .any(|e| word.strip_suffix(e).is_some_and(|stem| EVALUATIVE.contains(stem)))
}

const MODALS: &[&str] = &[
    "must",
    "should",
    "ought",
    "need",
    "needs",
    "may",
    "might",
    "could",
    "would",
    "can",
    "cannot",
    "can't",
    "couldn't",
    "wouldn't",
    "shouldn't",
    "shall",
];
const NECESSITY: &[&str] = &["must", "should", "ought", "cannot", "shouldn't", "deserve", "deserves"];
const DEGREE: &[&str] = &[
    "very",
    "so",
    "too",
    "really",
    "quite",
    "more",
    "most",
    "less",
    "least",
    "as",
    "far",
    "deeply",
    "utterly",
    "truly",
    "absolutely",
    "rather",
    "highly",
    "increasingly",
    "hardly",
    "barely",
    "almost",
    "enough",
    "somewhat",
    "totally",
    "completely",
    "entirely",
    "perfectly",
    "extremely",
    "incredibly",
    "profoundly",
    "fully",
    "much",
    "ever",
];
const ABSOLUTES: &[&str] = &[
    "only",
    "all",
    "every",
    "always",
    "never",
    "nothing",
    "everything",
    "everyone",
    "everybody",
    "nobody",
    "anything",
    "any",
    "whole",
    "entire",
    "mere",
    "merely",
    "simply",
    "just",
    "none",
    "anyone",
    "nowhere",
    "everywhere",
];
const PRESENT: &[&str] =
    &["is", "are", "am", "has", "have", "it's", "that's", "there's", "does", "do", "isn't", "aren't"];
const POINTING: &[&str] = &["this", "these", "such", "that", "those"];
const ARGUMENT: &[&str] = &[
    "but",
    "yet",
    "however",
    "thus",
    "indeed",
    "moreover",
    "rather",
    "instead",
    "therefore",
    "nor",
    "perhaps",
    "hence",
    "still",
    "though",
    "even",
    "course",
    "maybe",
    "surely",
    "certainly",
    "clearly",
    "obviously",
    "apparently",
    "seems",
    "seem",
    "presumably",
    "unfortunately",
    "fortunately",
    "sadly",
    "ironically",
    "frankly",
    "otherwise",
    "nevertheless",
    "nonetheless",
    "after",
    "fact",
    "actually",
    "supposedly",
    "arguably",
    "undoubtedly",
    "somehow",
    "whatever",
];
const SPEECH: &[&str] = &[
    "said",
    "says",
    "told",
    "according",
    "reported",
    "announced",
    "wrote",
    "added",
    "found",
    "stated",
    "reports",
    "claimed",
    "noted",
    "asked",
    "replied",
    "testified",
    "confirmed",
    "explained",
    "warned",
    "argued",
];
const TIMES: &[&str] = &[
    "year",
    "month",
    "week",
    "day",
    "last",
    "years",
    "months",
    "weeks",
    "days",
    "percent",
    "million",
    "billion",
    "per",
    "thousand",
    "yesterday",
    "ago",
];

static EVALUATIVE: LazyLock<HashSet<&'static str, BuildHasherDefault<crate::lexicon::Fnv>>> =
    LazyLock::new(|| EVALUATIVE_WORDS.split_whitespace().collect());

/// Words that judge, as commentary uses them (own list). Words for harm alone ("killed", "attack") are
/// not here: reports of it need them.
const EVALUATIVE_WORDS: &str = "
absurd abysmal acclaimed admirable admirably adorable affront aggressive alarming alarmism alarmist alas amazing ambitious
amusing angry anguish annoying anxious apathy appalling apparent arbitrary arrogance arrogant ashamed astonishing astounding
atrocious attractive audacious authoritarian awesome awful awkward backward bad baffling bankrupt banal barbaric barbarity
baseless beautiful beauty beloved benign best betray betrayal better bewildering biased bigot bigotry bitter bizarre blatant
bleak blessing blind bloated blunder blunt bogus bold bombastic boring brainwashed brave brazen breathtaking brilliance
brilliant brutal bully bumpy burden calamity callous careless catastrophe catastrophic caustic ceaseless chaos chaotic charade
charming cheap cheerful chilling circus classic clever clown clueless clumsy coherent colossal comfortable compelling
complacency complacent complicit conceited confused confusing conspiracy contempt contemptible contradiction contrived
controversial convenient convincing corrosive corrupt corruption costly courage courageous cowardice cowardly crackpot crazy
creepy crippling critical crony crude cruel cruelty crushing cult curious cynical cynicism damning dangerous daring daunting
dazzling deadlock debacle decadent deceit deceitful deceive decent deception deceptive decisive defiant delicate delicious
delight delightful deluded delusion delusional delusive demagogue dereliction despair desperate despicable destructive
devastating devious devoid diabolical dignity dire dirty disaster disastrous disgrace disgraceful disguise disgust disgusting
dishonest dishonesty dismal disorder dispiriting distort distorted distraction disturbing divisive dodgy dogma dogmatic
doomed draconian dramatic dreadful dream dreary dubious dull dumb dysfunction dysfunctional easy eager elegant elitist eloquent
embarrassing embittered empty enchanting encouraging endless enemy enlightened enormous enthusiastic envy epic erratic
essential eternal euphemism evil excellent exceptional excessive excited exciting excruciating excuse exhausting expansive
explosive exploit exploitation exquisite extravagant extreme extremist fabulous facade failure fair fake fallacy false fanatic
fanatical fantastic fantasy farce farcical fascinating fascism fascist fashionable fatuous favourite favorite feckless feeble
ferocious fiasco fierce filthy fine flagrant flashy flattering flawed flawless flimsy folly fool foolhardy foolish formidable
fortunate fraud fraudulent freedom frenzy fresh frightening frivolous fruitless frustrating fun funny furious futile futility
garbage generous genius gentle genuine ghastly gifted glaring glamorous glorious glory gloomy glowing good gorgeous graceful
grand grandiose greed greedy grievance grievous grim grimmer grossly grotesque growing grudging gullible hateful hatred haunting
haven healthy heartbreaking heartless heartwarming heavy hellish helpless heroic hideous hilarious hoax hollow honest honesty
honorable honourable hope hopeless horrendous horrible horrid horrific horrifying hostile huge humane humble humiliating
humiliation hype hypocrisy hypocrite hypocritical hysteria hysterical ideal ideologue ideological ideology idiocy idiot idiotic
idle ignorance ignorant illusion illusory imaginary immense immoral impeccable impossible impressive improbable inadequate
inane incoherent incompetence incompetent inconvenient incredible indefensible indifference inefficient inept inequality
inevitable inexcusable inexplicable infamous inferior ingenious inhuman inhumane injustice innocent insane insanity insidious
insightful inspiring insufferable insult insulting intelligent intense interesting intolerable intolerance intolerant
intriguing invaluable ironic irony irrational irrelevant irresponsible irresistible joke joy joyful joyous keen kind lackluster
lame lamentable laughable lavish lawless lazy liar liberty lie lies loathsome logical lonely lousy lovely ludicrous lunacy
lunatic luxurious madness magic magical magnificent majestic malicious malign manipulate manipulation marvelous marvellous
massive masterful masterpiece meager meaningful meaningless mediocre menace menacing merciful merciless mess messy mighty mild
miracle miraculous miserable misery misguided misleading mistake mistaken mob mockery modest monster monstrous moral morality
morally moron moronic muddle murky mysterious mystery myth naive nasty natural neat needless nefarious neglect nice nightmare
nightmarish noble nonsense nonsensical nostalgia nostalgic notorious numb obscene obscure obsessed obsession obsolete odd
odious offensive ominous onerous opportunism opportunist oppression oppressive optimistic orwellian outdated outlandish outrage
outrageous outstanding overblown overdue overwhelming painful painstaking panacea pandering panic paradox paradoxical paranoia
paranoid parasite parasitic passionate pathetic peculiar perfect perilous pernicious perverse petty phony pity plausible
pleasant pleasing plight plunder pointless poison poisonous pompous ponderous poorly populist positive powerful powerless
precious predatory prejudice preposterous pretend pretense pretence pretentious pretty priceless pride privileged profligate
profound propaganda propagandist prosperity proud provocative prudent puppet pure puzzling quaint questionable racism racist
radical rage rampant rant rational real reasonable reckless refreshing regime regret regrettable relentless reliable remarkable
repressive reprehensible repugnant repulsive resentment restless revolting revolutionary rhetoric rich ridicule ridiculous
right righteous rigid ripe robust romantic rosy rotten rude ruthless sad sane sarcastic savage savvy scam scandal scandalous
scapegoat scary scheme scourge selfish senseless sensible sensational sentimental serene serious severe shabby shady shallow
sham shambles shame shameful shameless sheer shocking shoddy shrewd shrill sick silly sinister sinful skeptical sceptical slavish
slick slogan sloppy slow sluggish smart smear smug snobbish sober sorrow sorry spectacle spectacular spineless spirit
spirited splendid spurious squalid squander stagnant stale stark startling stellar sterile strange strategic striking strong
stunning stupendous stupid stupidity sublime subtle successful sudden suffocating suicidal superb superficial superior
superstition supreme surprising surreal suspicious sweeping sweet swamp tacky taint talented tasteless tawdry tedious tempting
terrible terrific terrifying thoughtful thoughtless thrilling tired tiresome tolerance tolerant toothless tough toxic tragedy
tragic traitor traitorous travesty treacherous treason tremendous trickery tricky triumph triumphant trivial trouble troubled
troubling true truth tyrannical tyranny tyrant ugly ultimate unacceptable unashamed unbearable unbelievable uncanny uncertain
uncomfortable undemocratic undeniable undeserved uneasy unfair unfortunate unfounded unhappy unhinged unique unjust unjustified
unlikely unlucky unnatural unnecessary unpleasant unprecedented unreal unrealistic unreasonable unscrupulous unsettling
unsurprising unthinkable untrue unwanted unwelcome unwise unworthy upbeat urgent useful useless utopia utopian vague vain
valiant valuable vibrant vicious victory vile villain vindictive virtue virtuous vision visionary vital vitriol vivid vulgar
warped wasteful weak weakness weird wicked wild wisdom wise witless witty woeful woke wonder wonderful worrying worse worst
worthless worthwhile worthy wretched wrong xenophobia zealot zealous zombie";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    fn score(source: &str, worth: f64, told: usize) -> f64 {
        let text = token::read(source);
        subjectivity(&text, &(0..text.len()), worth, told)
    }

    #[test]
    fn a_judgement_is_more_subjective_than_a_report() {
        assert!(
            score(
                "It is outrageous and shameful that we must live with this brutal, senseless policy!",
                -2.0,
                0
            ) > 0.5
        );
        assert!(score("Police said on Monday that 12 people were arrested.", 1.0, 1) < 0.5);
    }

    #[test]
    fn an_opinion_told_of_another_is_a_report() {
        let words = "The plan is a disgraceful and pointless mess, the mayor of Ostrava said.";
        assert!(score(words, -1.0, 1) < score(words, -1.0, 0));
    }

    #[test]
    fn words_for_harm_alone_are_no_judgement() {
        assert!(!is_evaluative("killed") && !is_evaluative("attack") && is_evaluative("shamefully"));
    }
}
