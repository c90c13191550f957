//! Which of the marks that scoring a sentence looks for a single word bears.

use crate::lexicon;

/// A set of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks(u32);

macro_rules! marks {
    ($($name:ident = $bit:literal;)+) => {
        impl Marks {
            pub const NONE: Marks = Marks(0);
            $(pub const $name: Marks = Marks(1 << $bit);)+
        }
    };
}

marks! {
    SUPERLATIVE = 0;
    COMPARISON = 1;
    ME = 2;
    US = 3;
    YOU = 4;
    OTHER = 5;
    GOING = 6;
    OUGHT = 7;
    HAS = 8;
    FEELING = 9;
    ACT = 10;
    REASON = 11;
    PAST = 12;
    MODAL = 13;
    NECESSITY = 14;
    DEGREE = 15;
    ABSOLUTE = 16;
    PRESENT = 17;
    POINTING = 18;
    ARGUMENT = 19;
    SPEECH = 20;
    TIME = 21;
    HERE = 22;
    EVALUATIVE = 23;
    EARLIER = 24;
    STANCE = 25;
    FLIGHT = 26;
    CORRECTION = 27;
}

impl Marks {
    pub const fn or(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }

    pub const fn meets(self, other: Marks) -> bool {
        self.0 & other.0 != 0
    }
}

/// The marks of a lower-case word for which these are listed.
pub fn of(low: &str, listed: Marks) -> Marks {
    if listed.meets(Marks::EVALUATIVE) || low.len() < 5 {
        return listed;
    }
    // "shamefully", "disasters", "messes", "hollowness"
    let stems = ["ly", "s", "es", "ness"];
    let judges = |stem: &str| lexicon::listed_marks(stem).meets(Marks::EVALUATIVE);
    let judged = stems.iter().filter_map(|e| low.strip_suffix(e)).any(judges);
    if judged { listed.or(Marks::EVALUATIVE) } else { listed }
}

/// The words that bear each mark.
pub const LISTS: &[(Marks, &str)] = &[
    (Marks::SUPERLATIVE, "highest lowest largest biggest smallest greatest worst best fastest slowest most least first only longest oldest richest poorest strongest never every all none ever"),
    (Marks::COMPARISON, "more less fewer higher lower larger bigger smaller greater worse better than faster slower longer double twice half"),
    (Marks::ME, "i me my mine i'm i've i'd i'll myself"),
    (Marks::US, "we us our ours we're we've we'd we'll"),
    (Marks::YOU, "you your yours you're you've you'd you'll"),
    (Marks::OTHER, "he she his her him he's she's they their them"),
    (Marks::GOING, "going gonna"),
    (Marks::OUGHT, "should must ought need needs let's"),
    (Marks::HAS, "has have 've i've we've they've he's"),
    (Marks::FEELING, "feel guess sure opinion agree"),
    (Marks::ACT, "voted vote votes signed vetoed passed proposed supported opposed promised"),
    (Marks::REASON, "because therefore if unless although"),
    (Marks::PAST, "was were had did been went came took made said left got gave lost won cut voted became spent rose fell grew brought put"),
    (Marks::MODAL, "must should ought need needs may might could would can cannot can't couldn't wouldn't shouldn't shall"),
    (Marks::NECESSITY, "must should ought cannot shouldn't deserve deserves"),
    (Marks::DEGREE, "very so too really quite more most less least as far deeply utterly truly absolutely rather highly increasingly hardly barely almost enough somewhat totally completely entirely perfectly extremely incredibly profoundly fully much ever"),
    (Marks::ABSOLUTE, "only all every always never nothing everything everyone everybody nobody anything any whole entire mere merely simply just none anyone nowhere everywhere"),
    (Marks::PRESENT, "is are am has have it's that's there's does do isn't aren't"),
    (Marks::POINTING, "this these such that those"),
    (Marks::ARGUMENT, "but yet however thus indeed moreover rather instead therefore nor perhaps hence still though even course maybe surely certainly clearly obviously apparently seems seem presumably unfortunately fortunately sadly ironically frankly otherwise nevertheless nonetheless after fact actually supposedly arguably undoubtedly somehow whatever"),
    (Marks::SPEECH, "said says told according reported announced wrote added found stated reports claimed noted asked replied testified confirmed explained warned argued"),
    (Marks::TIME, "year month week day last years months weeks days percent million billion per thousand yesterday ago"),
    (Marks::EARLIER, "previous previously ago annually each every last earlier"),
    // Words that tell what is meant, hoped, feared or judged from what is so.
    (Marks::STANCE, "expected plans going if unless likely hope hopes want wants vowed intends let i we you our us my your let's might may could i'll we'll wanted rather instead fear fears concern concerns certain speculate speculation hallmark appears seems hoping despair demonstrating sentiment increasingly"),
    (Marks::FLIGHT, "fled fleeing displaced displacement displacements idps idp refugees evacuated homeless"),
    (Marks::CORRECTION, "revised corrected lowered reduced correction not"),
    (Marks::HERE, "we our us ourselves i my you your"),
    // Words that judge, as commentary uses them (own list). Words for harm alone ("killed", "attack")
    // are not here: reports of it need them.
    (Marks::EVALUATIVE, "
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
worthless worthwhile worthy wretched wrong xenophobia zealot zealous zombie"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn word(low: &str) -> Marks {
        of(low, lexicon::listed_marks(low))
    }

    #[test]
    fn a_word_may_bear_several_marks() {
        assert!(word("most").meets(Marks::SUPERLATIVE) && word("most").meets(Marks::DEGREE));
    }

    #[test]
    fn words_for_harm_alone_are_no_judgement() {
        assert!(!word("killed").meets(Marks::EVALUATIVE) && !word("attack").meets(Marks::EVALUATIVE));
        assert!(word("shamefully").meets(Marks::EVALUATIVE));
    }
}
