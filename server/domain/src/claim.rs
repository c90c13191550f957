//! The words that describe a claim and who says it.

use crate::closed_set;

closed_set! {
    /// What sort of assertion a claim makes.
    ClaimKind {
        Casualty = "casualty", "casualties";
        EquipmentLoss = "equipment_loss", "equipment losses";
        Displacement = "displacement", "displacement";
        Detention = "detention", "detention";
        Count = "count", "count";
        Money = "money", "money";
        Percent = "percent", "percentage";
        Date = "date", "date";
        Superlative = "superlative", "superlative";
        Trend = "trend", "trend";
        Event = "event", "event";
        Statement = "statement", "statement";
    }
}

closed_set! {
    /// How the words of a source are given: in quotation marks, reported, or both.
    Manner {
        Direct = "direct", "quoted directly";
        Indirect = "indirect", "reported in other words";
        Mixed = "mixed", "partly quoted";
    }
}

closed_set! {
    /// What a source does with what it is quoted on: says that it is so, that it is not, or leaves
    /// it open ("did not confirm", "cast doubt on").
    Polarity {
        Asserted = "asserted", "says so";
        Denied = "denied", "denies it";
        Doubted = "doubted", "does not confirm it";
    }
}

closed_set! {
    /// What sort of speaker a source is.
    SourceKind {
        Person = "person", "person";
        Organisation = "organisation", "organisation";
        Group = "group", "group";
        Document = "document", "document";
        Anonymous = "anonymous", "not named";
    }
}

closed_set! {
    /// What a piece of evidence does to a claim.
    Stance {
        Supports = "supports", "supports";
        Refutes = "refutes", "refutes";
        Context = "context", "gives context";
    }
}

closed_set! {
    /// How the original source of a piece of evidence is known.
    SourceBy {
        Person = "person", "given by a reviewer";
        Excerpt = "excerpt", "read in the excerpt";
        Publisher = "publisher", "the publisher itself";
    }
}
