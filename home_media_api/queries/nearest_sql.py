"""The statements of `nearest`, for one producer and vectors of one length each.

Of an index only the order of its finds is certain enough to stop early, so what it
finds is kept in a materialised part and put in order again.
"""

from typing import Final, LiteralString

SETTINGS: Final[LiteralString] = """
    select set_config('hnsw.ef_search', '140', true),
           set_config('hnsw.iterative_scan', 'relaxed_order', true)
"""

SETTINGS_FILTERED: Final[LiteralString] = """
    select set_config('hnsw.ef_search', '250', true),
           set_config('hnsw.iterative_scan', 'relaxed_order', true)
"""
"""What a filter leaves of a hundred candidates would be too few to find the nearest."""

COUNT_IMAGES: Final[LiteralString] = """
    select 256 * count(*) from gallery.embeddings
     where producer_id = {producer_id} and content_id < '01'
"""
"""A 256th of them, as contents are named by a hash: near enough."""

COUNT_OBJECTS: Final[LiteralString] = """
    select 256 * count(*) from gallery.crop_embeddings
     where producer_id = {producer_id}
       and detection_id < '01000000-0000-0000-0000-000000000000'
"""

COUNT_PASSING: Final[LiteralString] = """
    select 256 * count(*)
      from gallery.timeline t
      join gallery.matching(
               %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
               %(rating)s, %(q)s, %(taxon)s, %(label)s) m (image_id)
        on m.image_id = t.image_id
     where t.image_id < '01000000-0000-0000-0000-000000000000'
       and (%(since)s::date is null or t.taken_at >= %(since)s::date)
       and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
       and (%(kind)s::text is null or t.kind = %(kind)s)
"""
"""How many images pass a filter, near enough: images are named by a hash too."""

SAMPLE: Final[LiteralString] = """
    select count(*) as sampled, coalesce(avg(cosine), 0) as mean,
           coalesce(stddev_samp(cosine), 0) as deviation
      from (select -(e.embedding <#> %(vector)s::halfvec) as cosine
              from gallery.embeddings e
             where e.producer_id = {producer_id}
             order by e.content_id
             limit 1000) sample
"""

EXACT: Final[LiteralString] = """
    with near as materialized (
        select e.content_id, e.time_offset,
               e.embedding <#> %(vector)s::halfvec as distance
          from gallery.embeddings e
         where e.producer_id = {producer_id}
           and exists (
               select from gallery.timeline t where t.content_id = e.content_id)
         order by distance
         limit %(rows)s
    )
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           -near.distance as score, 'meaning' as source, near.time_offset
      from near join gallery.timeline t using (content_id)
     order by near.distance, t.image_id
"""

INDEXED: Final[LiteralString] = """
    with near as materialized (
        select e.content_id, e.time_offset,
               e.embedding::halfvec({dimension})
               <#> %(vector)s::halfvec({dimension}) as distance
          from gallery.embeddings e
         where e.producer_id = {producer_id}
           and exists (
               select from gallery.timeline t where t.content_id = e.content_id)
         order by distance
         limit %(rows)s
    )
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           -near.distance as score, 'meaning' as source, near.time_offset
      from near join gallery.timeline t using (content_id)
     order by near.distance, t.image_id
"""

FILTERED_EXACT: Final[LiteralString] = """
    with passing as materialized (
        select t.image_id, t.content_id
          from gallery.timeline t
          join gallery.matching(
                   %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
                   %(rating)s, %(q)s, %(taxon)s, %(label)s) m (image_id)
            on m.image_id = t.image_id
         where (%(since)s::date is null or t.taken_at >= %(since)s::date)
           and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
           and (%(kind)s::text is null or t.kind = %(kind)s)
    ), near as materialized (
        select p.image_id, e.time_offset, e.distance
          from passing p
         cross join lateral (
               select e.time_offset, e.embedding <#> %(vector)s::halfvec as distance
                 from gallery.embeddings e
                where e.producer_id = {producer_id} and e.content_id = p.content_id
               offset 0) e
         order by e.distance
         limit %(rows)s
    )
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           -near.distance as score, 'meaning' as source, near.time_offset
      from near join gallery.timeline t using (image_id)
     order by near.distance, t.image_id
"""
"""The offset keeps the planner from reading all vectors: few are asked for."""

FILTERED_INDEXED: Final[LiteralString] = """
    with near as materialized (
        select e.content_id, e.time_offset,
               e.embedding::halfvec({dimension})
               <#> %(vector)s::halfvec({dimension}) as distance
          from gallery.embeddings e
         where e.producer_id = {producer_id}
           and exists (
               select from gallery.timeline t
                 join gallery.matching(
                          %(folder)s, %(library)s, %(camera)s, %(lens)s, %(has_gps)s,
                          %(rating)s, %(q)s, %(taxon)s, %(label)s) m (image_id)
                   on m.image_id = t.image_id
                where t.content_id = e.content_id
                  and (%(since)s::date is null or t.taken_at >= %(since)s::date)
                  and (%(until)s::date is null or t.taken_at < %(until)s::date + 1)
                  and (%(kind)s::text is null or t.kind = %(kind)s)
               offset 0)
         order by distance
         limit %(rows)s
    )
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           -near.distance as score, 'meaning' as source, near.time_offset
      from near join gallery.timeline t using (content_id)
     order by near.distance, t.image_id
"""
"""The offset keeps the planner from looking for all images that pass: it cannot know
that there are many, and that the index finds some soon."""

EXACT_OBJECTS: Final[LiteralString] = """
    with near as materialized (
        select e.detection_id,
               e.embedding <#> %(vector)s::halfvec as distance
          from gallery.crop_embeddings e
         where e.producer_id = {producer_id}
         order by distance
         limit %(rows)s
    )
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           -near.distance as score, 'meaning' as source, d.time_offset,
           d.detection_id, d.label, array[d.x, d.y, d.width, d.height] as box
      from near
      join gallery.detections d using (detection_id)
      join gallery.timeline t using (image_id)
     order by near.distance, d.detection_id
"""

INDEXED_OBJECTS: Final[LiteralString] = """
    with near as materialized (
        select e.detection_id,
               e.embedding::halfvec({dimension})
               <#> %(vector)s::halfvec({dimension}) as distance
          from gallery.crop_embeddings e
         where e.producer_id = {producer_id}
         order by distance
         limit %(rows)s
    )
    select t.image_id, t.content_id, t.kind, coalesce(t.ratio, 1.5) as ratio,
           encode(t.thumbhash, 'base64') as thumbhash, t.duration,
           to_char(t.taken_at, 'YYYY-MM-DD"T"HH24:MI:SS') as taken_at,
           -near.distance as score, 'meaning' as source, d.time_offset,
           d.detection_id, d.label, array[d.x, d.y, d.width, d.height] as box
      from near
      join gallery.detections d using (detection_id)
      join gallery.timeline t using (image_id)
     order by near.distance, d.detection_id
"""
