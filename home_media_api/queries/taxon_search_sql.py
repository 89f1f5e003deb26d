"""The statements of `shown`: images that show one of some taxa, the surest first.

A link without a score is a keyword's: it is surer than any. `%(below)s` are the taxa.
"""

from typing import Final, LiteralString

COUNT: Final[LiteralString] = """
    select (select count(*)
              from (select from gallery.taxonomy_links l
                     where l.taxon = any(%(below)s::ltree[]) and l.score is null
                     limit %(few)s + 1) counted) as said,
           (select count(*)
              from (select from gallery.taxonomy_links l
                     where l.taxon = any(%(below)s::ltree[]) and l.score is not null
                     limit %(few)s + 1) counted) as seen
"""
"""Links of either sort; no more than it takes to tell how to look for them."""

AMONG: Final[LiteralString] = """
    with passing as materialized (
        select t.*
          from gallery.timeline t
          join gallery.matching(
                   %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
                   %(rating)s, %(q)s, %(taxon)s, %(label)s) m (image_id)
            on m.image_id = t.image_id
         where (%(since)s::date is null or t.taken_at >= %(since)s::date)
           and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
           and (%(kind)s::text is null or t.kind = %(kind)s)
         limit %(few)s + 1
    ), counted as (
        select count(*) as passed from passing
    ), shown as (
        select p.*, linked.score, linked.said
          from passing p
         cross join lateral (
               select max(l.score) as score, bool_or(l.score is null) as said
                 from gallery.taxonomy_links l
                where l.image_id = p.image_id and l.taxon = any(%(below)s::ltree[])
               ) linked
         where linked.said is not null
           and (select passed from counted) <= %(few)s
         order by linked.said desc, linked.score desc, p.taken_at desc, p.image_id
         limit %(limit)s
    )
    select counted.passed,
           t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           t.score, 'taxon' as source, null as time_offset
      from counted left join shown t on true
     order by t.said desc, t.score desc, t.taken_at desc, t.image_id
"""
"""One row at least, with how many images pass, and no image when there are too many."""

NEWEST_SAID: Final[LiteralString] = """
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           null as score, 'taxon' as source, null as time_offset
      from (select *
              from gallery.timeline t
             order by t.taken_at desc
             fetch first (%(newest)s) rows with ties) t
     where exists (select from gallery.taxonomy_links l
                    where l.image_id = t.image_id
                      and l.taxon = any(%(below)s::ltree[]) and l.score is null
                   offset 0)
       and not exists (select from gallery.taxonomy_links l
                        where l.image_id = t.image_id
                          and l.taxon = any(%(below)s::ltree[])
                          and l.score is not null
                       offset 0)
       and (%(since)s::date is null or t.taken_at >= %(since)s::date)
       and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
       and (%(kind)s::text is null or t.kind = %(kind)s)
       and (not %(narrow)s or exists (
           select from gallery.matching(
               %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
               %(rating)s, %(q)s, %(taxon)s, %(label)s) m (image_id)
            where m.image_id = t.image_id
           offset 0))
     order by t.taken_at desc, t.image_id
     limit %(limit)s
"""
"""Of the newest images, those that only keywords speak of: they come before those that
networks saw as well. The offsets keep the planner from looking for all there are."""

SAID: Final[LiteralString] = """
    with said as materialized (
        select distinct l.image_id
          from gallery.taxonomy_links l
         where l.taxon = any(%(below)s::ltree[]) and l.score is null
    )
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           linked.score, 'taxon' as source, null as time_offset
      from said
     cross join lateral (
           select * from gallery.timeline t where t.image_id = said.image_id offset 0) t
     cross join lateral (
           select max(l.score) as score
             from gallery.taxonomy_links l
            where l.image_id = said.image_id and l.taxon = any(%(below)s::ltree[])
           ) linked
     where (%(since)s::date is null or t.taken_at >= %(since)s::date)
       and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
       and (%(kind)s::text is null or t.kind = %(kind)s)
       and (not %(narrow)s or exists (
           select from gallery.matching(
               %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
               %(rating)s, %(q)s, %(taxon)s, %(label)s) m (image_id)
            where m.image_id = t.image_id
           offset 0))
     order by linked.score desc, t.taken_at desc, t.image_id
     limit %(limit)s
"""

SEEN: Final[LiteralString] = """
    with surest as materialized (
        select l.image_id, l.score
          from gallery.taxonomy_links l
         where l.taxon = any(%(below)s::ltree[]) and l.score is not null
         order by l.score desc
         fetch first (%(most)s) rows with ties
    ), seen as (
        select image_id, max(score) as score from surest group by image_id
    )
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           seen.score, 'taxon' as source, null as time_offset
      from seen
     cross join lateral (
           select * from gallery.timeline t where t.image_id = seen.image_id offset 0) t
     where (%(said)s = 0 or not exists (
               select from gallery.taxonomy_links l
                where l.image_id = t.image_id
                  and l.taxon = any(%(below)s::ltree[]) and l.score is null))
       and (%(since)s::date is null or t.taken_at >= %(since)s::date)
       and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
       and (%(kind)s::text is null or t.kind = %(kind)s)
       and (not %(narrow)s or exists (
           select from gallery.matching(
               %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
               %(rating)s, %(q)s, %(taxon)s, %(label)s) m (image_id)
            where m.image_id = t.image_id
           offset 0))
     order by seen.score desc, t.taken_at desc, t.image_id
     limit %(limit)s
"""
"""Of the surest links those of images that no keyword speaks of. All links with the
last score are among them, so what is left out is less sure than what is found. The
offset keeps the planner from reading all images to find these."""
