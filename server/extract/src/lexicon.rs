//! What is known of single words: one table from a lower-case word to a set of classes, built once.
//! Word lists only; how words combine is decided elsewhere.

use crate::marks::{self, Marks};
use hashbrown::HashTable;
use std::sync::LazyLock;

/// A set of word classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class(u64);

macro_rules! classes {
    ($($name:ident = $bit:literal;)+) => {
        impl Class {
            pub const NONE: Class = Class(0);
            $(pub const $name: Class = Class(1 << $bit);)+
        }
    };
}

classes! {
    DETERMINER = 0; PRONOUN = 1; PREPOSITION = 2; CONJUNCTION = 3; SUBORDINATOR = 4; BE = 5; HAVE = 6; MODAL = 7;
    ADVERB = 8; NEGATION = 9; SAY = 10; SAYING = 11; TELL = 12; CUE_NOUN = 13; NUMBER = 14; MONTH = 15; WEEKDAY = 16;
    TITLE = 17; ROLE = 18; PERSON = 19; ORGANISATION = 20; THING = 21; BUILDING = 22; CURRENCY = 23; UNIT = 24;
    VERB = 25; STARTER = 26; RELATIVE = 27; GROUP = 28; DOCUMENT = 29; COMBATANT = 30; CIVILIAN = 31; MALE = 32;
    FEMALE = 33; OPINION = 34; FUTURE = 35; DO = 36; POSSESSIVE = 37; TIME = 38; NATIONALITY = 39; STRONG_SAY = 40;
    TAKES_NOUN = 41; TAKES_TO = 42; TREND = 43; BELIEF = 45; ANIMAL = 46; PLACE = 47;
}

impl Class {
    pub const fn or(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }

    /// All classes as one number.
    pub const fn bits(self) -> u64 {
        self.0
    }

    pub const fn meets(self, other: Class) -> bool {
        self.0 & other.0 != 0
    }
}

/// What Fowler–Noll–Vo starts from.
pub const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// Fowler–Noll–Vo with another byte: short keys, no randomness.
#[inline]
pub const fn fnv(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}

/// The hash of a word, as every token keeps it.
pub fn hash(word: &str) -> u64 {
    word.bytes().fold(SEED, fnv)
}

/// A word with all that is known of it.
struct Entry {
    word: &'static str,
    class: Class,
    marks: Marks,
}

static WORDS: LazyLock<HashTable<Entry>> = LazyLock::new(|| {
    let mut table: HashTable<Entry> = HashTable::with_capacity(8192);
    let mut learn = |words: &'static str, class: Class, marks: Marks| {
        for word in words.split_whitespace() {
            let entry = table.entry(hash(word), |e| e.word == word, |e| hash(e.word)).or_insert(Entry {
                word,
                class: Class::NONE,
                marks: Marks::NONE,
            });
            let entry = entry.into_mut();
            entry.class = entry.class.or(class);
            entry.marks = entry.marks.or(marks);
        }
    };
    LISTS.iter().for_each(|(class, words)| learn(words, *class, Marks::NONE));
    marks::LISTS.iter().for_each(|(marks, words)| learn(words, Class::NONE, *marks));
    table
});

/// The classes and marks that are listed for a lower-case word with this hash.
fn listed(word: &str, hash: u64) -> (Class, Marks) {
    WORDS.find(hash, |e| e.word == word).map_or((Class::NONE, Marks::NONE), |e| (e.class, e.marks))
}

/// The marks that are listed for a lower-case word.
pub fn listed_marks(word: &str) -> Marks {
    listed(word, hash(word)).1
}

/// The classes and marks of a lower-case word with this hash.
pub fn known(word: &str, hash: u64) -> (Class, Marks) {
    let (class, marks) = listed(word, hash);
    (classed(word, class), marks::of(word, marks))
}

/// The classes of a lower-case word.
pub fn class(word: &str) -> Class {
    classed(word, listed(word, hash(word)).0)
}

fn classed(word: &str, listed: Class) -> Class {
    if listed == Class::NONE
        && word.len() > 4
        && word.ends_with("ly")
        && !matches!(
            word,
            "family"
                | "assembly"
                | "italy"
                | "supply"
                | "reply"
                | "early"
                | "elderly"
                | "rally"
                | "ally"
                | "july"
                | "only"
                | "anomaly"
                | "monopoly"
                | "butterfly"
                | "apply"
                | "rely"
                | "jelly"
                | "belly"
                | "bully"
                | "kelly"
                | "emily"
                | "sally"
                | "molly"
                | "daily"
                | "weekly"
                | "monthly"
        )
    {
        return Class::ADVERB;
    }
    listed
}

/// Whether a word with a stop after it is an abbreviation that keeps the stop.
pub fn is_abbreviation(word: &str, capital: bool) -> bool {
    if matches!(
        word,
        "mr" | "mrs"
            | "ms"
            | "dr"
            | "gen"
            | "col"
            | "lt"
            | "sgt"
            | "capt"
            | "cmdr"
            | "maj"
            | "sen"
            | "rep"
            | "gov"
            | "prof"
            | "rev"
            | "hon"
            | "adm"
            | "cpl"
            | "pvt"
            | "brig"
            | "supt"
            | "insp"
            | "sr"
            | "jr"
            | "inc"
            | "corp"
            | "ltd"
            | "co"
            | "mt"
            | "messrs"
            | "mme"
            | "pres"
            | "dept"
            | "det"
            | "atty"
            | "bros"
            | "st"
            | "ft"
    ) {
        return capital || matches!(word, "co" | "mt" | "st");
    }
    if matches!(
        word,
        "jan"
            | "feb"
            | "apr"
            | "aug"
            | "sept"
            | "sep"
            | "oct"
            | "nov"
            | "dec"
            | "ala"
            | "ariz"
            | "ark"
            | "calif"
            | "colo"
            | "conn"
            | "fla"
            | "ga"
            | "ind"
            | "kan"
            | "mich"
            | "minn"
            | "okla"
            | "ore"
            | "pa"
            | "penn"
            | "tenn"
            | "tex"
            | "va"
            | "wash"
            | "wis"
            | "wyo"
            | "md"
            | "mo"
            | "ky"
            | "ill"
    ) {
        return capital;
    }
    matches!(word, "vs" | "etc" | "al" | "approx" | "est" | "pp" | "dept" | "no" | "nos" | "nr")
        && (word != "no" || capital)
}

const LISTS: &[(Class, &str)] = &[
    (
        Class::DETERMINER,
        "the a an this that these those his her its their our my your every each another some any no all both another such",
    ),
    (Class::POSSESSIVE, "his her its their our my your 's '"),
    (
        Class::PRONOUN,
        "he she they it we i you him them us me who himself herself themselves itself her one someone everyone everybody nobody anyone others those",
    ),
    (Class::MALE, "he him his himself mr mr. sir man king prince lord"),
    (Class::FEMALE, "she her herself mrs mrs. ms ms. miss lady woman queen princess"),
    (
        Class::PREPOSITION,
        "in on at of for from with by to into onto over under after before during since until near about against between among amid through throughout across around along behind beyond within without inside outside towards toward upon off per despite following including via as like than above below besides beside alongside versus",
    ),
    (Class::CONJUNCTION, "and or but nor yet so plus &"),
    (
        Class::SUBORDINATOR,
        "after before while when as because although though if since until unless whereas where which who whom that whether once how why what whose whereby",
    ),
    (Class::RELATIVE, "who which that whom whose where"),
    (Class::BE, "is are was were be been being am 's 're 'm isn't aren't wasn't weren't"),
    (Class::HAVE, "has have had having 've hasn't haven't hadn't 'd"),
    (Class::DO, "do does did don't doesn't didn't"),
    (
        Class::MODAL,
        "will would can could should may might must shall ought 'll won't wouldn't can't couldn't shouldn't cannot mustn't",
    ),
    (Class::FUTURE, "will would 'll won't wouldn't shall may might could should must can"),
    (
        Class::NEGATION,
        "not no never n't isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't couldn't shouldn't cannot without none nobody neither nor",
    ),
    (
        Class::ADVERB,
        "also later still already now then just only even ever never not again once soon often always sometimes meanwhile however moreover furthermore instead thus therefore perhaps maybe too very so far there here today yesterday tomorrow reportedly repeatedly recently previously earlier further famously once twice almost nearly rather quite yet first initially subsequently immediately apparently allegedly together back up down away much more most well long all both each itself himself herself themselves",
    ),
    // Verbs of saying in their finite forms (own list, checked against GenderGapTracker MIT and the Guardian's Apache-2.0 list).
    (
        Class::SAY,
        "said says say told tells tell added adds add announced announces announce argued argues argue asserted asserts assert assured assures assure claimed claims claim clarified clarifies commented comments conceded concedes concluded concludes conclude confirmed confirms confirm contended contends contend declared declares declare denied denies deny disclosed discloses estimated estimates estimate explained explains explain exclaimed expects feared fears fear found finds indicated indicates indicate informed informs insisted insists insist maintained maintains maintain mentioned mentions mention noted notes note observed observes predicted predicts predict promised promises pledged pledges vowed vows proclaimed proclaims pointed points recalled recalls recalling reckoned reckons reckon reiterated reiterates related remarked remarks reminded reminds replied replies reply reported reports report responded responds revealed reveals reveal stated states state stressed stresses emphasised emphasized emphasises emphasizes suggested suggests suggest testified testifies tweeted tweets warned warns warn wrote writes write acknowledged acknowledges acknowledge admitted admits admit advised advises affirmed affirms alleged alleges allege believed believes believe think thinks thought asked asks complained complains countered counters quipped joked jokes joking shouted yelled swore speculated speculates specified hinted hints showed shows show demonstrated demonstrates illustrates highlighted highlights continued continues concurred echoed lamented guessed agreed agrees agree underlined underscored surmised pleaded posted boasted bragged cautioned cautions charged charges described describes describe called calls call criticized criticised criticizes criticises denounced denounces disputed disputes dispute accused accuses accuse quoted cited cites reaffirmed hopes hoped hope doubts doubted urged urges urge demanded demands requested ordered recommended recommends proposed proposes rejected rejects dismissed blamed blames attributed credited praised praises hailed condemned condemns defended decried persisted clarify reassured reassures convinced convinces notified testify wondered wonders mused opined interjected retorted whispered screamed cried signaled signalled implied implies envisioned forecast forecasts projected projects declined declines questioned blasted blasts slammed slams mocked mocks touted touts applauded applauds expressed expresses ridiculed lambasted chided scolded lauded put puts dubbed branded labelled labeled",
    ),
    (
        Class::STRONG_SAY,
        "said says say told tells added adds announced argued argues asserted asserts claimed claims commented conceded concluded confirmed confirms contended declared disclosed explained explains insisted insists noted notes observed predicted predicts recalled remarked replied reported reports responded revealed stated states stressed emphasised emphasized suggested suggests testified tweeted warned warns wrote writes acknowledged acknowledges admitted admits affirmed alleged alleges believes believed thinks complained cautioned estimates estimated insist maintain believe think say argue reiterated clarified joked quipped lamented countered according report confirm estimate allege claim",
    ),
    (
        Class::BELIEF,
        "believed believes believe think thinks thought hopes hoped hope fear fears feared expects doubts wondered reckons reckon reckoned",
    ),
    (
        Class::SAYING,
        "saying telling adding announcing arguing asserting assuring claiming clarifying commenting conceding concluding confirming contending declaring denying disclosing estimating explaining indicating insisting maintaining mentioning noting observing predicting promising pledging vowing proclaiming recalling remarking reminding replying reporting responding revealing stating stressing emphasising emphasizing suggesting testifying tweeting warning writing acknowledging admitting advising affirming alleging believing thinking asking complaining speculating hinting describing calling criticizing criticising denouncing disputing accusing rejecting citing quoting urging blaming referring joking boasting lamenting reiterating",
    ),
    (
        Class::TELL,
        "told tells tell telling informed informs informing reminded reminds assured assures warned warns warning notified advised convinced reassured asked asks urged urges",
    ),
    // What follows them may be a noun phrase instead of a clause.
    (
        Class::TAKES_NOUN,
        "described describes describe describing called calls call calling criticized criticised criticizes criticises criticizing denounced denounces disputed disputes accused accuses accuse accusing announced announces announcing confirmed confirms confirming predicted predicts promised promises reported reports claimed claims claiming mentioned mentions highlighted highlights suggested suggests denied denies denying cited cites citing blamed blames presented dubbed branded labelled labeled rejected rejects dismissed estimated estimates showed shows revealed reveals explained acknowledged acknowledges admitted noted demonstrated illustrated indicated alleged alleges recalled quoted praised condemned hailed decried questioned emphasized stressed forecast projects projected predicting show suggest indicate indicates questioned blasted blasts slammed slams mocked mocks touted touts applauded applauds expressed expresses ridiculed lambasted chided scolded lauded criticise criticize",
    ),
    (
        Class::TAKES_TO,
        "promised promises pledged pledges vowed vows agreed agrees urged urges asked asks advised warned demanded hopes hoped expects recommended requested ordered proposed threatened told claimed claims called calls refused refuses declined declines offered",
    ),
    (
        Class::CUE_NOUN,
        "statement statements claim claims allegation allegations report reports announcement suggestion assertion argument warning warnings accusation accusations admission belief prediction evidence rumours rumors rumor confirmation news indication indications estimate estimates comments comment remarks speech testimony notion idea view opinion fears fear concern concerns promise suggestions conclusion findings finding speculation",
    ),
    (
        Class::NUMBER,
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fourty fifty sixty seventy eighty ninety hundred thousand million billion trillion lakh lakhs crore crores dozen dozens hundreds thousands millions billions tens scores several few couple half quarter third quarters thirds nought naught nil",
    ),
    (
        Class::MONTH,
        "january february march april may june july august september october november december jan jan. feb feb. mar apr apr. jun jul aug aug. sept sept. sep sep. oct oct. nov nov. dec dec.",
    ),
    (
        Class::WEEKDAY,
        "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays",
    ),
    (
        Class::TIME,
        "day days week weeks month months year years hour hours minute minutes morning afternoon evening night weekend today yesterday tomorrow tonight decade decades century centuries midnight noon fortnight quarter season spring summer autumn winter",
    ),
    (
        Class::TITLE,
        "mr mr. mrs mrs. ms ms. dr dr. gen gen. general col col. colonel lt lt. lieutenant sgt sgt. sergeant capt capt. captain cmdr. maj maj. major sen sen. senator rep rep. gov gov. governor prof prof. professor rev rev. adm adm. admiral president premier minister sir lord lady king queen prince princess pope chancellor ambassador mayor judge justice sheriff chief director secretary spokesman spokeswoman spokesperson congressman congresswoman chairman chairwoman commander brigadier superintendent inspector detective deputy officer pastor bishop cardinal imam sheikh sheik supt. insp. messrs. mme. pres. hon. cpl cpl. pvt. brig. jr. sr. det. st. mt. ft. atty.",
    ),
    (
        Class::ROLE,
        "spokesman spokeswoman spokesperson spokespeople minister president premier chancellor governor mayor senator ambassador director chief head commander general colonel captain major lieutenant sergeant officer official officials analyst expert economist professor researcher scientist lawyer attorney prosecutor judge doctor surgeon nurse teacher journalist reporter correspondent editor author activist leader chairman chairwoman chairperson chair president-elect secretary deputy candidate nominee lawmaker legislator politician diplomat envoy adviser advisor aide strategist manager executive ceo founder co-founder coordinator representative owner operator volunteer soldier pilot driver resident witness survivor victim neighbour neighbor farmer fisherman student priest imam bishop pope king queen prince firefighter paramedic engineer consultant trader investor fighter rebel member boss counsel inspector detective superintendent sheriff constable admiral brigadier organiser organizer campaigner historian coach player captain manager worker mother father brother sister son daughter wife husband woman man",
    ),
    (
        Class::PERSON,
        "man woman child boy girl baby infant toddler teenager teen youth student pupil schoolgirl schoolboy soldier policeman policewoman officer cop guard civilian person people passenger driver pilot resident villager worker miner farmer fisherman firefighter fireman journalist reporter photographer cameraman doctor nurse medic paramedic teacher professor tourist bystander pedestrian protester protestor demonstrator activist militant insurgent rebel terrorist extremist guerrilla guerilla gunman attacker bomber suspect fighter combatant sailor marine airman trooper serviceman servicewoman conscript commander general colonel captain major lieutenant sergeant corporal private peacekeeper hostage prisoner inmate detainee victim survivor refugee migrant trader merchant businessman engineer judge lawyer prosecutor mayor councilman councillor candidate senator congressman politician official diplomat ambassador priest nun monk imam pastor bishop mother father brother sister son daughter wife husband grandmother grandfather uncle aunt nephew niece cousin friend neighbour neighbor couple citizen national native american british briton canadian australian frenchman englishman german israeli palestinian iraqi afghan iranian syrian turk kurd egyptian saudi pakistani indian ukrainian russian jew cyclist motorist motorcyclist biker swimmer climber hiker skier employee staffer volunteer aide bodyguard patient employee contractor logger peasant labourer laborer shopkeeper vendor caretaker cook chef clerk agent deputy crewman crewmember seaman skipper teen-ager newborn adult minor elder leader member subversive assailant robber thief smuggler pirate poacher drone-operator",
    ),
    (
        Class::PERSON,
        "men women children boys girls babies infants toddlers teenagers teens youths students pupils schoolgirls schoolchildren soldiers policemen officers cops guards civilians persons passengers drivers pilots residents villagers workers miners farmers fishermen firefighters journalists reporters doctors nurses medics paramedics teachers tourists bystanders pedestrians protesters protestors demonstrators activists militants insurgents rebels terrorists extremists guerrillas guerillas gunmen attackers bombers suspects fighters combatants sailors marines airmen troops troopers servicemen conscripts commanders generals peacekeepers hostages prisoners inmates detainees victims survivors refugees migrants merchants engineers lawyers politicians officials diplomats priests monks mothers fathers brothers sisters sons daughters families relatives citizens nationals americans britons palestinians israelis iraqis afghans ukrainians russians syrians kurds indians others employees staff personnel crew members volunteers aides bodyguards patients contractors peasants adults minors evacuees households individuals inhabitants returnees idps pilgrims dead wounded injured recruits mercenaries jihadists separatists occupiers invaders police patients locals nepalis somalis sudanese worshippers worshipers spectators fans motorists cyclists commuters holidaymakers homeowners students subversives",
    ),
    (
        Class::COMBATANT,
        "soldier soldiers troops trooper troopers marine marines sailor sailors airman airmen serviceman servicemen servicewoman fighter fighters militant militants insurgent insurgents rebel rebels terrorist terrorists guerrilla guerrillas guerilla gunman gunmen policeman policemen policewoman officer officers police commander commanders general generals conscript conscripts combatant combatants peacekeeper peacekeepers pirate pirates bomber bombers attacker attackers jihadists jihadist mercenaries mercenary taleban taliban separatists extremist extremists subversive subversives legionnaires reservist reservists guards pilots pilot personnel occupiers invaders paratroopers commandos",
    ),
    (
        Class::CIVILIAN,
        "civilian civilians resident residents villager villagers passenger passengers child children woman women girl girls boy boys infant infants baby babies tourist tourists student students pupil pupils protester protesters demonstrator demonstrators bystander bystanders pedestrian pedestrians worker workers miner miners farmer farmers peasant peasants journalist journalists doctor doctors nurse nurses patient patients teacher teachers hostage hostages refugee refugees migrant migrants pilgrim pilgrims merchant merchants driver motorist motorists family families household households victims victim evacuees teenager teenagers teen teens man men shopper shoppers worshippers spectators fans customers employees employee schoolchildren schoolgirls",
    ),
    (
        Class::THING,
        "tank tanks vehicle vehicles aircraft plane planes airplane airplanes jet jets helicopter helicopters drone drones missile missiles rocket rockets boat boats ship ships vessel vessels ferry ferries warship warships submarine truck trucks lorry lorries car cars bus buses train trains howitzer howitzers gun guns mortar mortars launcher launchers artillery system systems battery batteries carrier carriers apc apcs ifv uav uavs weapon weapons rifle rifles bomber fighter airliner tanker tankers barge barges yacht canoe trawler convoy depot depots radar radars equipment position positions",
    ),
    (
        Class::BUILDING,
        "house houses home homes building buildings school schools hospital hospitals church churches mosque mosques bridge bridges road roads shop shops factory factories hut huts dwelling dwellings apartment apartments block blocks structure structures villages village town towns warehouse warehouses refinery plant plants station stations store stores office offices property properties hotel hotels facility facilities farm farms crops hectares acres fields clinic clinics tent tents flats flat units unit business businesses church temple temples pylons dam dams embankment classrooms classroom",
    ),
    (
        Class::ANIMAL,
        "animal animals cattle sheep goats goat cow cows dog dogs cat cats horse horses bird birds whale whales dolphin dolphins elephant elephants livestock pig pigs chicken chickens turtles fish bees rhino rhinos",
    ),
    (
        Class::ORGANISATION,
        "ministry department agency office university institute council committee commission court parliament senate congress house government army navy force forces police union party association organization organisation federation group company corporation corp corp. inc inc. ltd ltd. bank fund foundation center centre bureau authority service services administration institution society league club network times post journal news press herald tribune agence radio television tv magazine hospital school church military militia guard command battalion brigade regiment division garrison cabinet embassy board tribunal alliance coalition campaign observatory nations cross front movement taliban taleban hamas hezbollah nato un u.n. eu fbi cia nsa who unicef unhcr afp ap reuters bbc cnn pentagon kremlin white-house interpol tass interfax ria authorities coastguard coast airlines airways motors holdings lines industries systems partners energy petroleum oil electric group's",
    ),
    (
        Class::GROUP,
        "officials authorities residents witnesses police sources analysts experts critics activists experts survivors villagers locals investigators prosecutors doctors medics lawyers lawmakers rebels insurgents militants relatives supporters opponents republicans democrats economists scientists researchers observers diplomats workers protesters organizers organisers governments groups media reports people aides advisers advisors rescuers soldiers commanders fighters neighbours neighbors voters students leaders leaders' men women employees others some many separatists investors traders forecasters historians scholars campaigners demonstrators advocates journalists reporters spokesmen eyewitnesses senators politicians detectives",
    ),
    (
        Class::DOCUMENT,
        "report study survey poll document statement letter data figures statistics newspaper article paper book memo indictment complaint affidavit filing website press release video tweet message review census bulletin communique communiqué research studies polls surveys documents emails email records record findings analysis newspapers reports statements evidence",
    ),
    (
        Class::CURRENCY,
        "dollar dollars euro euros pound pounds yen yuan renminbi rmb ruble rubles rouble roubles hryvnia hryvnias rupee rupees peso pesos franc francs won lira liras real reais rand krona kronor kroner krone zloty forint shekel shekels riyal dirham dinar naira cent cents penny pence usd eur gbp jpy cny inr rub uah chf cad aud nzd buck bucks baht ringgit rupiah mark marks markka guilder guilders peseta pesetas drachma drachmas escudo escudos lire shilling shillings taka tenge manat lari dong birr cedi cedis kwacha leva lei koruna korunas dram dirhams dinars riyals rands tugrik",
    ),
    (
        Class::VERB,
        "said says went took came made got gave saw left found became began brought kept held led ran sent set stood told thought wrote met put sat spoke spent won lost paid sold bought built fell felt grew heard knew lay let meant rose sought shot struck taught threw wore drew drove ate broke chose died fought hit hurt rang sank shook stole swept killed want wants need needs hope believe expect know knows think remain remains include includes live lives take takes make makes come comes go goes get gets give gives show shows help helps work works face faces continue continues appear appears seem seems become becomes follow follows claim claims say tell tried try tries began begin begins started start starts reported fled burst hit fled voted visited attacked arrived returned opened closed remained included crossed used called asked needed wanted happened occurred lived moved joined",
    ),
    (
        Class::STARTER,
        "the a an this that these those he she it they we i you his her its their our my in on at for from with by to after before during since when while as if but and so yet however meanwhile there here what how who where why did do does is are was were will would could should can may at last another some many most all both no not one two three several mr. mrs. ms. dr. president officials police now then today yesterday",
    ),
    (
        Class::NATIONALITY,
        "american british french german russian ukrainian israeli palestinian iraqi iranian afghan syrian turkish kurdish egyptian saudi pakistani indian chinese japanese korean canadian australian mexican brazilian italian spanish greek polish swedish dutch belgian swiss danish norwegian finnish czech hungarian romanian serbian bosnian georgian armenian somali sudanese ethiopian kenyan nigerian libyan lebanese jordanian yemeni indonesian malaysian filipino vietnamese thai burmese nepali nepalese colombian peruvian chilean argentine cuban haitian u.s. us uk un european african asian western israeli arab muslim jewish christian sunni shiite shia hindu",
    ),
    // Countries and capitals speak for governments: "Moscow said".
    (
        Class::PLACE,
        "afghanistan albania algeria angola argentina armenia australia austria azerbaijan bahrain bangladesh belarus belgium benin bolivia bosnia botswana brazil britain brunei bulgaria burundi cambodia cameroon canada chad chile china colombia congo croatia cuba cyprus denmark ecuador egypt england eritrea estonia ethiopia finland france gabon gambia georgia germany ghana greece guatemala guinea haiti honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan jordan kazakhstan kenya kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya lithuania luxembourg madagascar malawi malaysia mali malta mauritania mexico moldova mongolia montenegro morocco mozambique myanmar namibia nepal netherlands nicaragua niger nigeria norway oman pakistan palestine panama paraguay peru philippines poland portugal qatar romania russia rwanda scotland senegal serbia singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tajikistan tanzania thailand togo tunisia turkey turkmenistan uganda ukraine uruguay uzbekistan venezuela vietnam wales yemen zambia zimbabwe america europe africa asia washington moscow beijing london paris berlin kyiv kiev tehran jerusalem baghdad damascus kabul islamabad delhi tokyo seoul pyongyang ankara cairo riyadh doha tripoli beirut brussels rome madrid vienna warsaw minsk canberra ottawa pretoria nairobi khartoum mogadishu abuja harare havana caracas bogota brasilia jakarta manila bangkok hanoi dhaka kathmandu colombo tbilisi yerevan baku chisinau bucharest sofia belgrade athens lisbon dublin stockholm oslo copenhagen helsinki vilnius riga tallinn pristina skopje sarajevo zagreb downing google facebook twitter apple microsoft amazon boeing airbus toyota samsung tesla gazprom exxon shell chevron uber netflix intel nokia siemens volkswagen",
    ),
    (
        Class::OPINION,
        "unacceptable terrible horrible disgraceful shameful brutal barbaric hateful cowardly deeply tragic hollow outrageous ridiculous absurd wonderful amazing great best worst beautiful ugly evil stupid brilliant disaster disgusting awful fantastic incredible sad sadly unfortunately hopefully clearly obviously surely honestly frankly shocking heinous senseless despicable courageous heroic heroes proud pathetic cruel immoral unfair unjust wrong should must deserve deserves failure failed hypocrisy lies liar nonsense crazy dangerous reckless naive simply truly absolutely utterly completely totally undeniable apparently ironically arguably supposedly so-called",
    ),
    (
        Class::TREND,
        "rose risen rise rises rising increased increase increases increasing grew grown grow growing growth climbed climbing climb gained gain jumped jump soared soaring surged surge up fell fallen fall falls falling dropped drop drops declined decline declines decreased decrease plunged slumped shrank shrunk down lost doubled tripled halved cut reduced lowered slipped slid eased improved worsened higher lower",
    ),
    (
        Class::MALE,
        "john james robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick frank raymond jack dennis jerry tyler aaron jose henry adam douglas nathan peter zachary kyle ahmed ahmad mohammed muhammad mohamed mohammad ali hassan hussein ibrahim omar abdul abdullah mustafa mahmoud khalid vladimir sergei sergey dmitry dmitri alexei oleksiy volodymyr andriy ivan igor mikhail nikolai oleg boris viktor yuri pavel hans klaus jean pierre jacques françois carlos juan luis pedro jorge miguel fernando antonio mario giovanni giuseppe marco silvio barack bill joe jim bob mike tom tim tony ben sam ted rick bernie hamid nouri bashar benjamin ehud ariel recep narendra manmohan hu xi kim shinzo gordon nicolas ban kofi",
    ),
    (
        Class::FEMALE,
        "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet catherine maria heather diane ruth julie olga natalia svetlana elena irina tatiana oksana kateryna yulia fatima aisha mariam leila hillary angela theresa condoleezza nancy kellyanne melania ivanka megyn cathy kate jane alice claire sophie marie isabelle ana carmen rosa lucia giulia francesca ursula christina hannah",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_may_have_several_classes() {
        assert!(class("her").meets(Class::PRONOUN) && class("her").meets(Class::POSSESSIVE));
    }

    #[test]
    fn an_unknown_word_has_none() {
        assert_eq!(class("qwxz"), Class::NONE);
    }
}
