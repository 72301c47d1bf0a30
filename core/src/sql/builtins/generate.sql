-- Makes functions.txt: run on each version with the extensions below created, lines of all runs
-- sorted and merged (`sort -u`), then the second query on them, loaded into the table `seen`.
--   create extension btree_gist; … (every extension that the output names)

-- 1. What one server has: one line an overload.
select concat_ws('|', p.proname,
    p.pronargs - p.pronargdefaults - (p.provariadic <> 0)::int,
    case when p.provariadic <> 0 then 99 else p.pronargs end,
    p.provolatile, p.prokind, p.proretset::int,
    case
        when t.typname in ('anyelement', 'anynonarray', 'anycompatible', 'anycompatiblenonarray')
            -- What comes of a range alone is its bound, which is no boolean.
            and p.proargtypes::oid[] && array['anyelement'::regtype, 'anynonarray'::regtype,
                'anycompatible'::regtype, 'anycompatiblenonarray'::regtype, 'anyarray'::regtype,
                'anycompatiblearray'::regtype]::oid[] then '?'
        when t.typtype = 'p' or t.typcategory = 'A' then ''
        else t.typname
    end,
    coalesce(e.extname, ''))
from pg_proc p
join pg_type t on t.oid = p.prorettype
left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
left join pg_extension e on e.oid = d.refobjid
where (p.pronamespace = 'pg_catalog'::regnamespace or e.oid is not null)
    and e.extname is distinct from 'plpgsql'
    and p.proname ~ '^[a-z_][a-z0-9_]*$'
    -- No one can call what takes or gives `internal`, and no one calls a type's input and output.
    and not p.proargtypes::oid[] && array['internal'::regtype, 'cstring'::regtype]::oid[]
    and p.prorettype not in ('internal'::regtype, 'cstring'::regtype)
order by 1;

-- 2. One line an overload set: name, least and most arguments (one
-- number where they agree; 99: any number), the letter of the
-- least volatile overload (i, s, v) followed by a, w or r where *all* are aggregates, window
-- functions or set returning, then the return type where all agree (`!`: they do not, and none of
-- them is a boolean; `-`: one may be), then the extension where no version has it built in.
select concat_ws(' ', name,
    case when min(least) = max(most) then min(least)::text else min(least) || '-' || max(most) end,
    case when bool_or(volatility = 'i') then 'i' when bool_or(volatility = 's') then 's' else 'v' end
        || case when bool_and(kind = 'a') then 'a' else '' end
        || case when bool_and(kind = 'w') then 'w' else '' end
        || case when bool_and(set_returning = 1) then 'r' else '' end,
    case
        when count(distinct result) = 1 and min(result) not in ('', '?') then min(result)
        when bool_or(result in ('bool', '?')) then '-'
        else '!'
    end,
    case when bool_and(extension <> '') then min(extension) end)
from seen group by name order by name collate "C";
