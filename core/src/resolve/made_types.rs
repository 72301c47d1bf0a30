//! What domains, composite types and sequences are made of.
//!
//! In: their definitions. Out: their bases, fields, defaults and checks in the schema, and findings.

use super::declare::{Declared, check_sequence};
use super::names::free_name;
use super::types::{Position, is_integer, resolve};
use super::{Resolver, defaults, errors, expressions, names};
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::{CompositeDef, DomainCheckDef, DomainDef, Named, SequenceDef, SqlText, Text};
use crate::schema::{
    CompositeField, CompositeId, DomainCheck, DomainId, Name, QualifiedName, SequenceId, TypeKind,
};

/// Resolves the types that domains, composites and sequences are made of.
pub(super) fn made_types(cx: &mut Resolver<'_>, declared: &Declared<'_>) {
    for (id, named) in &declared.domains {
        domain(cx, *id, named);
    }
    for (id, named) in &declared.composites {
        composite(cx, *id, named);
    }
    for (id, named) in &declared.sequences {
        sequence(cx, *id, named);
    }
}

fn domain(cx: &mut Resolver<'_>, id: DomainId, named: &Named<DomainDef>) {
    let def = &named.value;
    let Some(spec) = &def.ty else { return };
    let Some(written) = resolve(cx, spec, None, Position::Stored) else { return };
    if written.ty.kind == TypeKind::Domain(id) {
        let name = cx.schema.domains[id].name.clone();
        cx.report(errors::of_itself(&name, spec.span()));
        return;
    }
    let default =
        def.default.as_ref().and_then(|default| defaults::resolve(cx, default, &written.ty));
    let single = def.check.iter().map(|check| (None, check));
    let several = def
        .checks
        .iter()
        .filter_map(|DomainCheckDef { name, expr, .. }| Some((name.as_ref(), expr.as_ref()?)));
    let written_checks: Vec<(Option<&Text>, &SqlText)> = single.chain(several).collect();
    let mut checks: Vec<DomainCheck> = Vec::with_capacity(written_checks.len());
    let domain_name = cx.schema.domains[id].name.clone();
    for (name, written) in written_checks {
        let name = match name {
            Some(name) => {
                if let Some(error) = names::invalid(&name.value, name.span) {
                    cx.report(error);
                }
                Name::new(name.value.clone())
            }
            None => {
                let taken = |name: &QualifiedName| checks.iter().any(|it| it.name == name.name);
                free_name(&domain_name, &[] as &[&str], "check", taken).name
            }
        };
        if let Some(first) = checks.iter().position(|check| check.name == name) {
            let first = checks
                .get(first)
                .and_then(|check| cx.origins.expr(check.expr.id))
                .map(|o| o.scalar);
            cx.report(errors::duplicate("check", &name, written.span, first));
            continue;
        }
        let expr = expressions::domain_check(cx, written);
        checks.push(DomainCheck { name, expr });
    }
    if let Some(domain) = cx.schema.domains.get_mut(id) {
        domain.base = written.ty;
        domain.default = default;
        domain.checks = checks;
    }
}

fn composite(cx: &mut Resolver<'_>, id: CompositeId, named: &Named<CompositeDef>) {
    let mut fields = Vec::with_capacity(named.value.fields.entries.len());
    for field in &named.value.fields {
        if let Some(error) = names::invalid(&field.name.value, field.name.span) {
            cx.report(error);
            continue;
        }
        let Some(spec) = &field.value.ty else { continue };
        let Some(written) = resolve(cx, spec, None, Position::Stored) else { continue };
        if written.ty.kind == TypeKind::Composite(id) {
            let name = cx.schema.composites[id].name.clone();
            cx.report(errors::of_itself(&name, spec.span()));
            continue;
        }
        fields.push(CompositeField {
            name: Name::new(field.name.value.clone()),
            ty: written.ty,
            collation: field
                .value
                .collation
                .as_ref()
                .map(|name| names::reference_in(&name.value, "pg_catalog")),
            comment: super::declare::comment(field.value.comment.as_ref()),
        });
    }
    if let Some(composite) = cx.schema.composites.get_mut(id) {
        composite.fields = fields;
    }
}

fn sequence(cx: &mut Resolver<'_>, id: SequenceId, named: &Named<SequenceDef>) {
    let def = &named.value;
    let Some(spec) = &def.ty else {
        check_sequence(cx, def, &cx.schema.sequences[id].ty.clone());
        return;
    };
    let Some(written) = resolve(cx, spec, None, Position::Stored) else { return };
    if !is_integer(&written.ty) {
        cx.report(
            Diagnostic::new(Code::IdentityType, spec.span(), "a sequence counts in whole numbers")
                .help("use smallint, integer or bigint"),
        );
        return;
    }
    check_sequence(cx, def, &written.ty);
    if let Some(sequence) = cx.schema.sequences.get_mut(id) {
        sequence.ty = written.ty;
    }
}
