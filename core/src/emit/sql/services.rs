//! Whose files the SQL of an object goes to, where several services share a database.
//!
//! In: the services by name, the sources' names and where objects stand. Out: the rank of each object:
//! the place of its service among the series of files, 0 for what belongs to none. Reads no texts.

use crate::ddl::Ranks;
use crate::diagnostic::Diagnostics;
use crate::emit::{EmitInput, errors};
use crate::schema::ObjectId;
use crate::source::Sources;

/// The ranks of a schema's statements, for `services` in their order. Reports those that have no source.
pub(super) fn ranks(
    input: &EmitInput<'_>,
    services: &[(u64, &str)],
    sink: &mut Diagnostics,
) -> Ranks {
    if services.is_empty() {
        return Ranks::default();
    }
    let sources = input.sources.into_iter().flat_map(Sources::iter);
    let names: Vec<&str> = sources.map(|(_, source)| &*source.name).collect();
    let files = owners(&names, services);
    for (position, (_, name)) in services.iter().enumerate() {
        if !files.contains(&(position + 1)) {
            sink.push(errors::unused_service(name));
        }
    }
    Ranks::new(input.schema, input.order, |object: ObjectId| {
        let place = input.origins.of(object);
        place.and_then(|place| files.get(place.file.index()).copied()).unwrap_or_default()
    })
}

/// The ranks of what stands in the sources of these names: that of the service after which the nearest
/// folder around a source is called, or else the source itself. Folders around the one in which all lie
/// do not count: how many of them a name shows depends on where the compiler is run.
fn owners(names: &[&str], services: &[(u64, &str)]) -> Vec<usize> {
    let paths: Vec<Vec<&str>> =
        names.iter().map(|name| name.split(['/', '\\']).collect()).collect();
    let is_schema = |(file, _): &(&&str, &[&str])| file.rsplit('.').next() != Some("jinja");
    let folders = paths.iter().filter_map(|path| path.split_last()).filter(is_schema);
    let shared = folders
        .map(|(_, folders)| folders)
        .reduce(|a, b| {
            let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
            a.get(..same).unwrap_or_default()
        })
        .unwrap_or_default();
    let around = shared.len().saturating_sub(1);
    let rank = |name: &str| services.iter().position(|(_, service)| *service == name);
    paths
        .iter()
        .map(|path| {
            let (file, folders) = path.split_last().unwrap_or((&"", &[]));
            let folder = folders.iter().skip(around).rev().find_map(|name| rank(name));
            let file = file.split('.').next().and_then(rank);
            folder.or(file).map_or(0, |position| position + 1)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::owners;

    const SERVICES: &[(u64, &str)] = &[(100, "node"), (200, "python")];

    #[test]
    fn a_source_belongs_to_the_nearest_service() {
        let sources = [
            ("schema/base.yaml", 0),
            ("schema/node.yaml", 1),
            ("schema/node.tables.yaml", 1),
            ("schema/nodes.yaml", 0),
            ("schema/python/a/b.yaml", 2),
            ("schema/python/node.yaml", 2),
            ("schema/node/python/b.yaml", 2),
            ("schema\\node\\b.yaml", 1),
        ];
        let (names, expected): (Vec<&str>, Vec<usize>) = sources.into_iter().unzip();
        assert_eq!(owners(&names, SERVICES), expected);
    }

    #[test]
    fn where_the_project_lies_is_no_matter() {
        for root in ["", "../node/", "/srv/node/python/"] {
            let names =
                ["schema/base.yaml", "schema/python/a.yaml"].map(|it| format!("{root}{it}"));
            let names = names.each_ref().map(String::as_str);
            assert_eq!(owners(&names, SERVICES), [0, 2], "{root}");
            let alone = format!("{root}schema/node/a.yaml");
            assert_eq!(owners(&[&alone], SERVICES), [1], "{root}");
        }
        assert_eq!(owners(&[], SERVICES), Vec::<usize>::new());
    }
}
