/* SPDX-License-Identifier: MIT */
/*
 * common.h - what the plugins of this tree share.
 *
 * Linked statically into each of them; nothing here has writable static data.
 */
#ifndef PLUGINS_COMMON_H
#define PLUGINS_COMMON_H

#include <string.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

/* ---- arena: memory for the length of one line ---- */

/* Kept from line to line; what a large line needed beyond is given back. */
#define ARENA_KEEP 65536u

struct arena_chunk;

struct arena {
	struct arena_chunk *first;
	struct arena_chunk *now;
	size_t used; /* of NOW */
};

void arena_init (struct arena *a);

/* All of it is free again.  In the steady state nothing is allocated between
 * two resets. */
void arena_reset (struct arena *a);

/* Aligned for any type, not zeroed; valid until reset.  NULL: no memory. */
void *arena_alloc (struct arena *a, size_t size);
void arena_free (struct arena *a);

/* A growing list of texts in an arena.  Start with zeros. */
struct texts {
	struct lhk_text *list;
	size_t n;
	size_t cap;
};

/* 0, or LHK_ENOMEM with the list as it was. */
int texts_add (struct texts *t, struct arena *a, const struct lhk_text *text);

/* ---- values ---- */

#define LIT(literal) ((struct lhk_text) LHK_TEXT_INIT (literal))

static inline struct lhk_text
text_of (const char *ptr, size_t len)
{
	struct lhk_text t = { ptr, len, LHK_TEXT_PLAIN, 0 };

	return t;
}

static inline struct lhk_text
text_str (const char *s)
{
	return text_of (s, strlen (s));
}

/* Absent texts and empty ones alike. */
static inline int
text_empty (const struct lhk_text *t)
{
	return t->ptr == NULL || t->len == 0;
}

static inline struct lhk_str
str_of_raw (const struct lhk_raw *raw)
{
	struct lhk_str s = { raw->ptr, raw->len };

	return s;
}

/* Decoded into the arena, without a NUL; absent stays absent, and a text that
 * is plain already is returned as it stands.  0 or LHK_ENOMEM. */
int text_decoded (struct arena *a, const struct lhk_text *text,
		  struct lhk_text *ret);

/* A copy in the arena, in the same form; absent stays absent.  0 or
 * LHK_ENOMEM.  What a table owns may change before the events of a line are
 * copied by the host. */
int text_copy (struct arena *a, const struct lhk_text *text,
	       struct lhk_text *ret);

/* The first bytes of a text, at most MAX and no half of an escape: enough to
 * look at how a long one begins without decoding all of it. */
struct lhk_text text_head (const struct lhk_text *text, size_t max);

/* Does the decoded text begin with these plain bytes?  (PREFIX is at most 64
 * bytes long.) */
int text_begins (const struct lhk_text *text, const char *prefix);

/* The texts one after the other, decoded; a single one is not copied.  0 or
 * LHK_ENOMEM. */
int text_join (struct arena *a, const struct texts *parts,
	       struct lhk_text *ret);

/* The same with SEPARATOR between them. */
int text_join_by (struct arena *a, const struct texts *parts,
		  const char *separator, struct lhk_text *ret);

/* A text that itself is JSON (arguments in a string) as a raw value in the
 * arena: 1, 0 if it is no JSON, LHK_ENOMEM. */
int raw_from_text (struct arena *a, const struct lhk_text *text,
		   struct lhk_raw *ret);

/* ---- tools ---- */

/* The one-line argument for people: the first of a list of keys that has a
 * string as its value; a slice of INPUT, not shortened.  Absent if none. */
void tool_brief_of (const struct lhk_raw *input, struct lhk_text *ret);

/* LHK_TYPE_* of a tool by its name, of any provider. */
int tool_type_of (const struct lhk_text *name);

/* Files named in INPUT.  0 or LHK_ENOMEM. */
int tool_paths_of (const struct lhk_raw *input, struct arena *a,
		   const struct lhk_text **ret_paths, size_t *ret_n);

/* "mcp__SERVER__TOOL" to its parts: 1, or 0 if it is not of that form. */
int tool_mcp_split (const struct lhk_text *name, struct lhk_text *ret_server,
		    struct lhk_text *ret_tool);

/* ---- calls: what an update of a tool call must repeat ---- */

#define CALLS_MAX 256u	   /* the oldest is forgotten first */
#define CALLS_ID_MAX 1024u /* longer ids and names are not remembered */

struct call {
	struct lhk_text id; /* plain, owned by the table */
	struct lhk_text name;
	struct lhk_text server;
	int32_t type;	/* LHK_TYPE_* */
	int32_t status; /* LHK_TOOL_* last said */
	int32_t note;	/* for the plugin */
	char *large;	/* if they do not fit SMALL */
	size_t cap;	/* of LARGE */
	char small[160];
};

struct calls {
	uint32_t hashes[CALLS_MAX]; /* of the ids; 0: not used */
	struct call list[CALLS_MAX];
	uint32_t next; /* slot that is used next */
	uint32_t used; /* slots from here on never were */
};

/* CALLS must be zeroed. */
void calls_free (struct calls *c);

/* NULL if it is not known; valid until the next calls_add. */
struct call *calls_find (struct calls *c, const struct lhk_text *id);

void calls_remove (struct calls *c, struct call *call);

/* Remember, or replace what is known of the id; the texts are copied and must
 * not be those of an entry.  0; LHK_ENOMEM, or LHK_ELIMIT for an id or name
 * that is absent or too long: then it is not known. */
int calls_add (struct calls *c, const struct lhk_text *id,
	       const struct lhk_text *name, const struct lhk_text *server,
	       int type, int status);

/* ---- emit ---- */

/* 0 also for a kind the host does not know; else the host's error. */
int emit (const struct lhk_api *api, const struct lhk_event *event);

/* ID and PARENT may be NULL. */
int emit_text (const struct lhk_api *api, int role, int delta,
	       const struct lhk_text *id, const struct lhk_text *text,
	       const struct lhk_text *parent);

/* DATA may be NULL; else valid JSON. */
int emit_notice (const struct lhk_api *api, int level, const char *code,
		 const struct lhk_text *text, const struct lhk_raw *data);

/* ---- words of the command ---- */

/*
 * Is one of WORDS behind the program?  1 yes, -1 no; 0: the words are not
 * known, or none of them is of PROGRAMS.  Both lists end in NULL.
 */
int argv_match_resume (const struct lhk_option *options, size_t n_options,
		       const char *const *programs, const char *const *words);

#endif /* PLUGINS_COMMON_H */
