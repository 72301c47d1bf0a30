//! What the model's closed sets are called in a sentence.

use crate::schema::{
    Deferrability, PolicyCommand, RefAction, Trigger, TriggerEvent, TriggerLevel, TriggerState,
    TriggerTiming, Volatility,
};

pub(super) const fn action(action: RefAction) -> Option<&'static str> {
    match action {
        RefAction::NoAction => None,
        RefAction::Restrict => Some("restricted"),
        RefAction::Cascade => Some("cascades"),
        RefAction::SetNull => Some("sets null"),
        RefAction::SetDefault => Some("sets the default"),
    }
}

pub(super) const fn deferrability(it: Deferrability) -> &'static str {
    match it {
        Deferrability::NotDeferrable => "",
        Deferrability::Deferrable => ", deferrable",
        Deferrability::InitiallyDeferred => ", checked at the end of the transaction",
    }
}

pub(super) const fn command(command: PolicyCommand) -> &'static str {
    match command {
        PolicyCommand::All => "every command",
        PolicyCommand::Select => "`SELECT`",
        PolicyCommand::Insert => "`INSERT`",
        PolicyCommand::Update => "`UPDATE`",
        PolicyCommand::Delete => "`DELETE`",
    }
}

pub(super) const fn volatility(it: Volatility) -> &'static str {
    match it {
        Volatility::Immutable => "immutable",
        Volatility::Stable => "stable",
        Volatility::Volatile => "volatile",
    }
}

/// `before insert or update, for each row`.
pub(super) fn firing(trigger: &Trigger) -> String {
    let timing = match trigger.timing {
        TriggerTiming::Before => "before",
        TriggerTiming::After => "after",
        TriggerTiming::InsteadOf => "instead of",
    };
    let events: Vec<&str> = trigger
        .events
        .iter()
        .map(|event| match event {
            TriggerEvent::Insert => "insert",
            TriggerEvent::Update(_) => "update",
            TriggerEvent::Delete => "delete",
            TriggerEvent::Truncate => "truncate",
        })
        .collect();
    let level = match trigger.level {
        TriggerLevel::Row => "row",
        TriggerLevel::Statement => "statement",
    };
    let state = match trigger.state {
        TriggerState::Origin => "",
        TriggerState::Always => ", also on replicas",
        TriggerState::Replica => ", only on replicas",
        TriggerState::Disabled => ", disabled",
    };
    format!("{timing} {}, for each {level}{state}", events.join(" or "))
}
