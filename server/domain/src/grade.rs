//! The Admiralty code: how reliable a source is, and apart from that how credible one piece of
//! information is. F and 6 say that nobody can tell, not that something is bad: they have no rank.

use crate::closed_set;
use phrase::msg;

closed_set! {
    /// How reliable a source is. It belongs to the source, not to what it says today.
    Reliability {
        A = "A", "completely reliable";
        B = "B", "usually reliable";
        C = "C", "fairly reliable";
        D = "D", "not usually reliable";
        E = "E", "unreliable";
        F = "F", "cannot be judged";
    }
}

impl Reliability {
    /// When to give it.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::A => msg!("No doubt that it is genuine, honest and competent; it has always been right."),
            Self::B => msg!("Little doubt; it has been right most of the time."),
            Self::C => msg!("Some doubt; it has been right before."),
            Self::D => msg!("Serious doubt, though it has been right before."),
            Self::E => msg!("Not genuine, honest or competent; it has been wrong before."),
            Self::F => msg!("Nothing to judge it by yet."),
        }
    }

    /// 1 for the best; `None` where nothing is known.
    pub const fn rank(self) -> Option<u8> {
        match self {
            Self::A => Some(1),
            Self::B => Some(2),
            Self::C => Some(3),
            Self::D => Some(4),
            Self::E => Some(5),
            Self::F => None,
        }
    }

    /// Whether a desk that asks for credible sources counts it. What is not known speaks neither for
    /// nor against a source.
    pub fn is_credible(self) -> bool {
        self.rank().is_none_or(|rank| rank <= 3)
    }
}

closed_set! {
    /// How credible one piece of information is, whoever says it.
    Information {
        One = "1", "confirmed by other sources";
        Two = "2", "probably true";
        Three = "3", "possibly true";
        Four = "4", "doubtful";
        Five = "5", "improbable";
        Six = "6", "truth cannot be judged";
    }
}

impl Information {
    /// 1 to 6.
    pub const fn number(self) -> i16 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
            Self::Five => 5,
            Self::Six => 6,
        }
    }

    pub fn of_number(number: i16) -> Option<Self> {
        Self::ALL.iter().copied().find(|grade| grade.number() == number)
    }

    /// 1 for the best; `None` where nothing is known.
    pub fn rank(self) -> Option<i16> {
        (self != Self::Six).then(|| self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_can_tell_has_no_rank_and_is_not_held_against_a_source() {
        assert_eq!((Reliability::F.rank(), Information::Six.rank()), (None, None));
        assert!(Reliability::F.is_credible() && Reliability::C.is_credible());
        assert!(!Reliability::D.is_credible() && !Reliability::E.is_credible());
    }

    #[test]
    fn grades_of_information_are_their_numbers() {
        for grade in Information::ALL {
            assert_eq!(Information::of_number(grade.number()), Some(*grade));
            assert_eq!(grade.word(), grade.number().to_string());
        }
        assert_eq!(Information::of_number(0), None);
    }
}
