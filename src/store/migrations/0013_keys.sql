-- The alias keys that a source is known by are one text, a line each.

UPDATE sources
   SET state = json_set(state, '$.history.keys', coalesce(
           (SELECT group_concat(replace(value, char(10), ' '), char(10) ORDER BY key) || char(10)
              FROM json_each(state, '$.history.keys')), ''))
 WHERE json_type(state, '$.history.keys') = 'array';
