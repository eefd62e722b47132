/* SPDX-License-Identifier: MIT */
/* view_private.h - the state of the view, and what its parts share. */
#ifndef CLI_VIEW_VIEW_PRIVATE_H
#define CLI_VIEW_VIEW_PRIVATE_H

#include "cli/view/clip.h"
#include "cli/view/layout.h"
#include "cli/view/view.h"
#include "event/idmap.h"
#include "format/text_once.h"
#include "json/text_reader.h"

/* Subagents and background tasks that are remembered; the one whose
 * last event is the oldest gives way to a new one. */
#define VIEW_THREADS_MAX 16
#define VIEW_TASKS_MAX 16

/* Bytes that are kept of a name, a brief and a path: for lines that come later
 * and name the call again. */
#define VIEW_NAME_BYTES 64
#define VIEW_BRIEF_BYTES 160
#define VIEW_PATH_BYTES 1024

/* Bytes that are shown of a line of standard error. */
#define VIEW_STDERR_BYTES 320

/* Columns of a name. */
#define VIEW_NAME_COLUMNS 40

/* What was written last: a blank line stands between two different ones. */
enum view_block {
	BLOCK_NONE,
	BLOCK_HEAD,
	BLOCK_TEXT, /* words of the agent: one block for each text */
	BLOCK_OURS, /* tool calls and notices */
	BLOCK_PLAN
};

/* A short text of the agent, made harmless. */
struct view_name {
	uint32_t len;
	uint32_t columns;
	char text[VIEW_NAME_BYTES];
};

/* A subagent. */
struct view_thread {
	struct idmap_key key; /* of the call that started it; absent: free */
	uint64_t used;
	uint32_t number; /* from 1, as they come */
	uint32_t depth;	 /* 1: of the main thread */
	uint64_t named;	 /* v->lines at its last event */
	struct view_name label;
};

struct view_task {
	struct idmap_key id; /* absent: free */
	uint64_t used;
	int32_t has_ended;
	int32_t reserved;
	struct view_name label;
};

/* How much of the agent's standard error was shown. */
struct view_stderr {
	int64_t since_ms;
	uint32_t shown;
	uint32_t reserved;
	uint64_t skipped;  /* lines that are not told yet */
	uint32_t last_len; /* of the last of them */
	char last[VIEW_STDERR_BYTES + TEXT_CHAR_MAX];
};

struct view {
	const struct lhk_alloc *alloc;
	struct view_opts opts;
	struct screen screen;
	struct layout layout; /* of the words */
	struct text_once once;
	struct clip clip; /* for the line that is being written */

	/* The event that is being shown. */
	const struct lhk_event *event;
	int64_t now_ms; /* -1: not known */
	uint32_t now_turn;

	/* What was written last. */
	enum view_block block;
	struct idmap_key thread; /* whose it was; absent: the main one's */
	uint64_t lines;		 /* own lines so far */
	int32_t text_open;	 /* words may go on */
	int32_t text_role;
	int32_t text_in_code;	  /* the last words are in a block of code */
	struct idmap_key text_id; /* of the last words */

	/* Not shown twice: the last whole text and the last notice, and where
	 * they stand. */
	struct idmap_key said, noticed;
	uint64_t said_line, notice_line;

	/* The header. */
	int32_t header_waits; /* for the session */
	int32_t has_session;
	struct idmap_key session;
	struct view_name agent;
	size_t cwd_len;
	char cwd[VIEW_PATH_BYTES];

	struct view_stderr err;

	uint32_t turn; /* that was shown last */
	uint32_t n_threads;
	uint64_t clock; /* counts the uses of threads and tasks */
	struct view_thread threads[VIEW_THREADS_MAX];
	struct view_task tasks[VIEW_TASKS_MAX];
	struct idmap calls; /* of struct view_call */

	struct idmap_key plan; /* that was shown last */
	struct idmap_key ask;  /* text of the last question */
	struct idmap_key ask_id;
	uint64_t ask_line;

	/* A claim that the turn did not end well, in case another one
	 * follows. */
	int32_t claim_verdict;
	struct view_name claim_error;
};

/* A tool call. */
struct view_call {
	struct idmap_key thread;
	int64_t begun_ms; /* -1: not known */
	uint64_t line;	  /* v->lines when its last line was written */
	int32_t status;	  /* that was shown */
	int32_t type;
	int32_t in_background; /* a task does the work */
	int32_t is_hidden;     /* a plan shows what it did */
	int32_t is_shown;      /* that it began */
	int32_t has_output;    /* some was shown */
	int32_t has_edit;
	uint32_t depth;
	uint64_t added, removed; /* lines, if has_edit; UINT64_MAX: not known */
	struct view_name name;
	uint32_t brief_len;
	uint32_t brief_columns;
	char brief[VIEW_BRIEF_BYTES];
};

/* ---- lines of our own (lines.c) ---- */

/* End the words, write a header that waits, say which subagent goes on, leave a
 * blank line where one belongs. */
void view_block (struct view *v, enum view_block block);

/* The same for words, which go on in their own line. */
void view_next_block (struct view *v, enum view_block block);

/* Begin a line of the thread of the event: bars, MARK and a blank. */
void view_begin_line (struct view *v, enum view_mark mark);
void view_end_own_line (struct view *v);

/* A line that is behind the margin by so many columns. */
void view_begin_inner_line (struct view *v, unsigned int indent);

/* Columns that are left in the line. */
unsigned int view_left (const struct view *v);

/* TEXT, as far as it goes, in at most MAX columns. */
void view_text (struct view *v, const struct lhk_text *text, unsigned int max);

/* The name of a file, shortened in the middle. */
void view_path (struct view *v, const struct lhk_text *text, unsigned int max);

/* A fact of several on a line: a dot before it, if it is not the first, and a
 * new line if it has no room.  A text that is absent or empty is none; it is
 * shown behind LABEL. */
void view_fact (struct view *v, const char *said);
void view_fact_text (struct view *v, const char *label,
		     const struct lhk_text *text);
void view_fact_path (struct view *v, const struct lhk_text *path);

/* A text of any length behind MARK, wrapped; of more than MAX bytes comes the
 * beginning.  SAID, ASCII, is said before it. */
void view_paragraph (struct view *v, int has_mark, enum view_mark mark,
		     const char *said, const struct lhk_text *text, size_t max);

void view_name_set (struct view *v, struct view_name *name,
		    const struct lhk_text *text);
struct lhk_text view_name_get (const struct view_name *name);

/* The subagent whose event V is showing; NULL: the main thread. */
struct view_thread *view_thread (struct view *v);

/* The words go on behind a line of standard error. */
void view_resume_text (struct view *v);

/* End the words: they do not go on in this line. */
void view_finish_text (struct view *v);

/* Tell how many lines of standard error were not shown (stderr.c). */
void view_stderr_end (struct view *v);

/* ---- events ---- */

/* The header, if it waits (head.c). */
void view_head_release (struct view *v);
void view_head_run (struct view *v, const struct lhk_ev_run *e);
void view_head_session (struct view *v, const struct lhk_ev_session *e);

void view_tool (struct view *v, const struct lhk_ev_tool *e);
void view_plan (struct view *v, const struct lhk_ev_plan *e);
void view_ask (struct view *v, const struct lhk_ev_ask *e);
void view_notice (struct view *v, const struct lhk_ev_notice *e);
void view_claim (struct view *v, const struct lhk_ev_result *e);
void view_final (struct view *v, const struct lhk_result *r);

/* The first lines of what the call printed, which has ended, and how many more
 * there are (preview.c). */
void view_preview (struct view *v, const struct lhk_ev_tool *e);
uint64_t view_count_lines (const struct lhk_text *text);

/* How many lines a call with this input changes: 1, or 0 if that is not known
 * (edit.c).  *RET_REMOVED may be UINT64_MAX: not known. */
int view_edit_count (const struct lhk_alloc *alloc, const struct lhk_str *input,
		     uint64_t *ret_added, uint64_t *ret_removed);

#endif /* CLI_VIEW_VIEW_PRIVATE_H */
