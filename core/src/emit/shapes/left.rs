//! The checks that a target leaves to the database, each reported once.

use std::collections::BTreeMap;

use super::{DomainShape, Entity, NotCarried, Presence, Reason};
use crate::diagnostic::Diagnostics;
use crate::emit::{EmitInput, errors};
use crate::schema::{Constraint, ConstraintKind, FieldOverride, Name, RelationId};
use crate::sql::SqlExpr;

/// Checks that a language cannot decide, and why: by their positions among the constraints of the table
/// or the checks of the domain.
type Missed = Vec<(usize, Reason)>;

impl Entity {
    /// The checks that models of writes leave to the database: those that nothing carries, those of
    /// fields that have validators by hand or that the database computes, and those that the language
    /// `missed`.
    pub fn left_to_database(
        &self,
        input: &EmitInput<'_>,
        overrides: &[FieldOverride],
        missed: Missed,
        sink: &mut Diagnostics,
    ) -> Vec<NotCarried> {
        let mut left: BTreeMap<usize, String> = BTreeMap::new();
        for carried in &self.carried {
            let reason = carried.fields.iter().find_map(|index| {
                let field = self.fields.get(*index)?;
                let by_hand = overrides.iter().find(|it| it.field == field.column.as_str());
                if field.insert == Presence::Never {
                    Some(format!("the database computes `{}`", field.column))
                } else if by_hand.is_some_and(|it| !it.extend || carried.fields.len() > 1) {
                    Some(format!("`{}` has a validator of its own", field.column))
                } else {
                    None
                }
            });
            left.extend(reason.map(|reason| (carried.check, reason)));
        }
        for (check, reason) in missed {
            left.entry(check).or_insert_with(|| reason.to_owned());
        }
        let table = match self.relation {
            RelationId::Table(id) => input.schema.tables.find(id),
            RelationId::View(_) => None,
        };
        let mut not_carried = self.not_carried.clone();
        for (check, reason) in left {
            let constraint = table.and_then(|table| table.constraints.get(check));
            if let Some(Constraint { name, kind: ConstraintKind::Check { expr }, .. }) = constraint
            {
                not_carried.push(reported(input, name, expr, reason, sink));
            }
        }
        not_carried
    }
}

impl DomainShape {
    /// The checks that a type of the domain leaves to the database.
    pub fn left_to_database(
        &self,
        input: &EmitInput<'_>,
        missed: Missed,
        sink: &mut Diagnostics,
    ) -> Vec<NotCarried> {
        let checks = input.schema.domains.find(self.id).map_or(&[][..], |it| &it.checks);
        let mut not_carried = self.not_carried.clone();
        for (check, reason) in missed {
            if let Some(check) = checks.get(check) {
                let reason = reason.to_owned();
                not_carried.push(reported(input, &check.name, &check.expr, reason, sink));
            }
        }
        not_carried
    }
}

fn reported(
    input: &EmitInput<'_>,
    name: &Name,
    expr: &SqlExpr,
    reason: String,
    sink: &mut Diagnostics,
) -> NotCarried {
    sink.push(errors::check_not_carried(input.origins, name, expr, &reason));
    NotCarried { name: name.as_str().into(), reason }
}
