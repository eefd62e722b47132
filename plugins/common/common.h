/* SPDX-License-Identifier: MIT */
/*
 * common.h - what the plugins of this tree share.
 *
 * It is linked into each of them, and has no writable static data.
 */
#ifndef PLUGINS_COMMON_H
#define PLUGINS_COMMON_H

#include <string.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

/* Number of elements of an array (not of a pointer). */
#define ARRAY_SIZE(a) (sizeof (a) / sizeof (a)[0])

/* ---- arena: memory for the length of one line ---- */

/* Bytes that are kept from line to line; what a large line needs beyond that is
 * freed after it. */
#define ARENA_KEEP 65536u

struct arena_chunk;

struct arena {
	struct arena_chunk *first;
	struct arena_chunk *now;
	size_t used;	/* bytes of NOW */
	uint64_t lines; /* resets so far: which line it is for */
};

void arena_init (struct arena *a);

/* Free all that was allocated.  When the arena has its usual size, nothing is
 * allocated between two resets. */
void arena_reset (struct arena *a);

/* Memory, aligned for any type, not zeroed, valid until the next reset.  NULL
 * if there is none. */
void *arena_alloc (struct arena *a, size_t size);
void arena_free (struct arena *a);

/* A growing list of texts in an arena.  It starts zeroed. */
struct texts {
	struct lhk_text *list;
	size_t n;
	size_t cap;
};

/* 0, or LHK_ENOMEM with the list as it was. */
int texts_add (struct texts *t, struct arena *a, const struct lhk_text *text);

/* Make room for N texts in all, and no more: a list that grows takes several
 * times as much.  0 or LHK_ENOMEM. */
int texts_reserve (struct texts *t, struct arena *a, size_t n);

/* Texts of a list of names (tools, files, answers); what is beyond them is left
 * out. */
#define TEXTS_MAX 65536u

/* Add the strings of a JSON array that are not empty, up to TEXTS_MAX; nothing
 * if LIST is no array.  0 or LHK_ENOMEM. */
int texts_add_list (struct texts *t, struct arena *a,
		    const struct lhk_raw *list);

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

/* Is the text absent or empty? */
static inline int
text_empty (const struct lhk_text *t)
{
	return t->ptr == NULL || t->len == 0;
}

/* The number of elements of an array; 0 if it is none. */
size_t raw_count (const struct lhk_raw *list);

static inline struct lhk_str
str_of_raw (const struct lhk_raw *raw)
{
	struct lhk_str s = { raw->ptr, raw->len };

	return s;
}

/* Decode TEXT into the arena, without a NUL.  An absent text stays absent, and
 * a plain one is returned as it is.  0 or LHK_ENOMEM. */
int text_decoded (struct arena *a, const struct lhk_text *text,
		  struct lhk_text *ret);

/* Copy TEXT into the arena, in the same form; an absent one stays absent.  0 or
 * LHK_ENOMEM.  This is for texts of a table that may change before the host
 * reads the events of the line. */
int text_copy (struct arena *a, const struct lhk_text *text,
	       struct lhk_text *ret);

/* The first bytes of a text, at most MAX and no half of an escape: enough to
 * look at how a long one begins without decoding all of it. */
struct lhk_text text_head (const struct lhk_text *text, size_t max);

/* Does the decoded text begin with these plain bytes?  (PREFIX is at most 64
 * bytes long.) */
int text_begins (const struct lhk_text *text, const char *prefix);

/* Do the first bytes of the decoded text, at most 512, contain WORDS? */
int text_contains (const struct lhk_text *text, const char *words);

/* Join the texts, decoded, with SEPARATOR between them; a single one is not
 * copied.  0 or LHK_ENOMEM. */
int text_join_by (struct arena *a, const struct texts *parts,
		  const char *separator, struct lhk_text *ret);

/* Make a JSON string of TEXT in the arena; an absent text stays absent.  0 or
 * LHK_ENOMEM. */
int text_quoted (struct arena *a, const struct lhk_text *text,
		 struct lhk_str *ret);

/* The value of a text that itself is JSON, such as arguments in a string; it
 * lies in the arena.  1, 0 if it is no JSON, or LHK_ENOMEM. */
int raw_from_text (struct arena *a, const struct lhk_text *text,
		   struct lhk_raw *ret);

/* ---- ids: a copy that stays from line to line ---- */

/* Bytes of an id, decoded; a longer one is not remembered. */
#define ID_COPY_MAX 255u

struct id_copy {
	char text[ID_COPY_MAX + 1];
	size_t len; /* 0: none */
};

/* Is it that id?  None is the same as an absent one. */
int id_copy_is (const struct id_copy *id, const struct lhk_text *text);
void id_copy_set (struct id_copy *id, const struct lhk_text *text);

/* The id, borrowed; absent if there is none. */
struct lhk_text id_copy_text (const struct id_copy *id);

/* ---- tools ---- */

/* The main argument of a call, for people: the first of a list of keys whose
 * value is a string.  It is a slice of INPUT, not shortened; absent if there is
 * none. */
void tool_brief_of (const struct lhk_raw *input, struct lhk_text *ret);

/* The type of a tool, LHK_TYPE_*, by its name, of any provider. */
int tool_type_of (const struct lhk_text *name);

struct tool_type {
	const char *name;
	int type; /* LHK_TYPE_* */
};

/* The same; the N TYPES of names that one program alone has come first. */
int tool_type_among (const struct lhk_text *name, const struct tool_type *types,
		     size_t n);

/* Does the tool ask the user?  It has no result until somebody answers. */
int tool_is_question (const struct lhk_text *name);

/* The files that INPUT names, in the arena.  0 or LHK_ENOMEM. */
int tool_paths_of (const struct lhk_raw *input, struct arena *a,
		   const struct lhk_text **ret_paths, size_t *ret_n);

/* Split "mcp__SERVER__TOOL": 1, or 0 if NAME is not of that form. */
int tool_mcp_split (const struct lhk_text *name, struct lhk_text *ret_server,
		    struct lhk_text *ret_tool);

/* ---- tool table: what an update of a tool event must repeat ---- */

/* Entries of a table, as many as the host remembers calls. */
#define TOOL_TABLE_MAX 4096u

/* Entries that are allocated at once. */
#define TOOL_TABLE_CHUNK 64u

/* Bytes of an id or name; an entry with a longer one is not stored. */
#define TOOL_TABLE_ID_MAX 1024u

struct tool_entry {
	struct lhk_text id; /* plain, owned by the table */
	struct lhk_text name;
	struct lhk_text server;
	int32_t type;	/* LHK_TYPE_* */
	int32_t status; /* LHK_TOOL_*, the last one; 0: none */
	int32_t note;	/* for the plugin */
	uint32_t slot;	/* where it is in the table */
	/* Hashes of the id and of the name; the slots of the next entries of
	 * their buckets, and of the one before in that of the name, + 1. */
	uint32_t hash, name_hash;
	uint16_t after, name_after, name_before;
	char *large; /* the texts, if they do not fit SMALL */
	size_t cap;  /* bytes of LARGE */
	/* Copies of name and server in the arena of line COPIED. */
	struct lhk_text name_copy, server_copy;
	uint64_t copied;
	char small[96];
};

struct tool_table {
	const struct lhk_api *api;
	const char *forgets; /* what is said when an entry is lost */
	struct tool_entry *chunks[TOOL_TABLE_MAX / TOOL_TABLE_CHUNK];
	uint16_t ids[TOOL_TABLE_MAX]; /* buckets: a slot + 1; 0: none */
	uint16_t names[TOOL_TABLE_MAX];
	uint32_t max;
	uint32_t next; /* the slot that is used next */
	uint32_t used; /* slots that were ever used */
	int told;      /* that an entry was lost */
};

/* A table of at most MAX (TOOL_TABLE_MAX) entries.  A new one then replaces the
 * oldest, if possible one that has ended; the first time that one is lost which
 * has not, a notice with the text FORGETS, a literal, says so. */
void tool_table_init (struct tool_table *t, const struct lhk_api *api,
		      uint32_t max, const char *forgets);

void tool_table_free (struct tool_table *t);

/* The entry of an id, valid until the next tool_table_add; NULL if there is
 * none. */
struct tool_entry *tool_table_find (struct tool_table *t,
				    const struct lhk_text *id);

/* The name and server of an entry as texts that stay as they are until the next
 * line, whatever becomes of the entry.  They are copied once in a line.  0 or
 * LHK_ENOMEM. */
int tool_entry_texts (struct tool_entry *entry, struct arena *a,
		      struct lhk_text *ret_name, struct lhk_text *ret_server);

void tool_table_remove (struct tool_table *t, struct tool_entry *entry);

/* The entry in a slot below USED; NULL if it was removed. */
struct tool_entry *tool_table_at (const struct tool_table *t, uint32_t slot);

/* The slot N slots, at most SIZE, behind SLOT in a ring of SIZE.  (A division would
 * call a library on 32-bit machines, which may raise a signal.) */
static inline uint32_t
tool_table_behind (uint32_t slot, uint32_t n, uint32_t size)
{
	return slot + n < size ? slot + n : slot + n - size;
}

/* An entry whose name is NAME, a plain text; NULL: there is none. */
struct tool_entry *tool_table_named (struct tool_table *t,
				     const struct lhk_text *name);

/* The next one of that name after ENTRY. */
struct tool_entry *tool_table_next_named (const struct tool_table *t,
					  const struct tool_entry *entry);

/* Store an entry for the id, instead of one that it may have.  The texts are
 * copied and must not be those of an entry.  0; or LHK_ENOMEM, or LHK_ELIMIT
 * for an id or name that is absent or too long, and there is no entry. */
int tool_table_add (struct tool_table *t, const struct lhk_text *id,
		    const struct lhk_text *name, const struct lhk_text *server,
		    int type, int status);

/* ---- emit ---- */

/* Emit an event.  0, also for one that the host refuses for itself; or an error
 * of the host. */
int emit (const struct lhk_api *api, const struct lhk_event *event);

/* ID and PARENT may be NULL. */
int emit_text (const struct lhk_api *api, int role, int delta,
	       const struct lhk_text *id, const struct lhk_text *text,
	       const struct lhk_text *parent);

/* The same for words of the model.  SAME 1: its message has called tools before
 * them. */
int emit_message_text (const struct lhk_api *api, int role, int delta,
		       const struct lhk_text *id, const struct lhk_text *text,
		       const struct lhk_text *parent, int same);

/* Ask what the call CALL, whose tool is a question, asks. */
int emit_tool_question (const struct lhk_api *api,
			const struct lhk_ev_tool *call);

/* DATA is valid JSON, or NULL. */
int emit_notice (const struct lhk_api *api, int level, const char *code,
		 const struct lhk_text *text, const struct lhk_raw *data);

/* The sum of two counts, at most INT64_MAX; -1 if one of them is negative, so
 * that the host sees it. */
int64_t counts_add (int64_t a, int64_t b);

/* Is anything in E but zeros?  Programs that do not know what a call cost print
 * zeros, and no call costs none. */
int usage_event_is_known (const struct lhk_ev_usage *e);

/* Set *MEMBER of E, whose bit is BIT, if the line has NUM. */
void usage_event_set (struct lhk_ev_usage *e, uint32_t bit, int64_t *member,
		      const struct lhk_num *num);

/* ---- arguments of the command ---- */

/* Does S equal a word?  1 or 0. */
int str_is (const struct lhk_str *s, const char *word);

/* Goes through the words of the command, as they are, or as a shell would split
 * them.  All members are private. */
struct argv_words {
	const struct lhk_option *options;
	size_t n_options;
	size_t next;
	const char *at; /* in the word that is split; NULL: none */
	int split;
	const char *const *programs; /* of command lines; NULL: of no matter */
};

/* OPTIONS are borrowed as long as W is used.  SPLIT: 1 or 0. */
void argv_words_begin (struct argv_words *w, const struct lhk_option *options,
		       size_t n_options, int split);

/* Goes through the parts of those words alone that are command lines for another
 * shell: `sh -c' has one, and a word that begins with one of PROGRAMS is one. */
void argv_words_of_shells (struct argv_words *w,
			   const struct lhk_option *options, size_t n_options,
			   const char *const *programs);

/* Get the next word: 1; or 0 at the end. */
int argv_words_next (struct argv_words *w, struct lhk_str *ret);

/* Is WORD one of PROGRAMS, by its base name or that of its package?  The list
 * ends with NULL. */
int argv_is_program (const struct lhk_str *word, const char *const *programs);

/* How a program resumes a session. */
struct argv_resume {
	const char *const *programs; /* ends with NULL */
	const char *const *options;  /* "-r", "--resume", ..; ends with NULL */
	const char *flags; /* letters that may stand before one in "-pr" */
};

/*
 * Does an option that resumes a session stand behind the program, wherever in
 * the command that is?  1 yes, -1 no; 0: not known, the program does not stand
 * there as a word of its own.
 */
int argv_match_resume (const struct lhk_option *options, size_t n_options,
		       const struct argv_resume *resume);

#endif /* PLUGINS_COMMON_H */
