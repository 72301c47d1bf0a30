//! Whose files the SQL of an object goes to, where several services share a database.
//!
//! In: the services by name, the sources' names and where objects stand. Out: the rank of each object:
//! the place of its service among the series of files, 0 for what belongs to none. Reads no texts.

use crate::ddl::Ranks;
use crate::emit::EmitInput;
use crate::schema::ObjectId;
use crate::source::Sources;

/// The ranks of a schema's statements, for `services` in their order.
pub(super) fn ranks(input: &EmitInput<'_>, services: &[(u64, &str)]) -> Ranks {
    if services.is_empty() {
        return Ranks::default();
    }
    let sources = input.sources.into_iter().flat_map(Sources::iter);
    let files: Vec<usize> = sources.map(|(_, source)| rank(&source.name, services)).collect();
    Ranks::new(input.schema, input.order, |object: ObjectId| {
        let place = input.origins.of(object);
        place.and_then(|place| files.get(place.file.index()).copied()).unwrap_or_default()
    })
}

/// The rank of what stands in the source of this name: that of the service after which it, or the
/// nearest folder that is called after one, is called.
fn rank(source: &str, services: &[(u64, &str)]) -> usize {
    let mut names = source.rsplit(['/', '\\']);
    let file = names.next().and_then(|name| name.split('.').next());
    file.into_iter()
        .chain(names)
        .find_map(|name| services.iter().position(|(_, service)| *service == name))
        .map_or(0, |position| position + 1)
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn a_source_belongs_to_the_nearest_service() {
        let services = &[(100, "node"), (200, "python")];
        for (source, expected) in [
            ("schema/base.yaml", 0),
            ("schema/node.yaml", 1),
            ("schema/node.tables.yaml", 1),
            ("schema/nodes.yaml", 0),
            ("../schema/python/a/b.yaml", 2),
            ("node/schema/python/b.yaml", 2),
            ("schema\\node\\b.yaml", 1),
        ] {
            assert_eq!(rank(source, services), expected, "{source}");
        }
    }
}
