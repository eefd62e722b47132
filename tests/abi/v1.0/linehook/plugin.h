/* SPDX-License-Identifier: MIT */
/*
 * plugin.h - how to write a linehook plugin.  See linehook-plugin(3).
 *
 * A plugin is a shared object that exports one symbol, a constant struct
 * lhk_plugin.  It turns the lines of one provider into events.  It links with
 * no library of linehook: all that it may call is in struct lhk_api, and the
 * JSON reader of json.h, if it is used, becomes a part of the plugin.
 *
 *	load .so -> open -> line_hook (once per line) -> flush -> exited -> close
 *
 * Threads.  The calls on one handle come one after another.  Calls on
 * different handles may come at the same time from different threads, so a
 * plugin keeps its state in the handle and has no writable static data.
 *
 * Rules.  A plugin must not block, start threads or processes, install signal
 * handlers, change the locale, the directory, the umask or the environment,
 * write to descriptors 0 to 2, call exit or abort, or let an exception or a
 * longjmp leave a callback.
 *
 * Memory.  Who allocates memory frees it; neither side frees memory of the
 * other.
 *
 * Compatibility.  Within one major version of the ABI members are only added
 * at the end, numbers are never used again and a meaning never changes: see
 * linehook-abi(7).
 */
#ifndef LHK_PLUGIN_H
#define LHK_PLUGIN_H

#include <linehook/base.h>
#include <linehook/event.h>

LHK_BEGIN_DECLS

/* The ABI of this header.  The name of the symbol contains the major version. */
#define LHK_ABI_MAJOR 1
#define LHK_ABI_MINOR 0

#define LHK_PLUGIN_MAGIC 0x4c484b31u /* "LHK1" */

/* Flags of a line. */
enum {
	LHK_LINE_UNTERMINATED = 1 << 0, /* the stream ended without a newline */
	LHK_LINE_HAD_CR = 1 << 1,	/* it ended in CR LF; data has no CR */
	LHK_LINE_HEAD_ONLY = 1 << 2,	/* it is too long; data is its head */
	LHK_LINE_REPAIRED = 1 << 3,	/* an object that was recovered of the
					   line; full_len is of all of it */
	LHK_LINE_SALVAGED = 1 << 4	/* it is too long; data is a JSON object
					   of its small top-level members */
};

/* Bytes that may be read from the end of a line on.  The first, data[len], is
 * '\n'; the values of the others are not defined. */
#define LHK_LINE_PADDING 64

/*
 * A line without its newline.  The struct and its bytes are borrowed until
 * line_hook returns; events that it emits may point to the bytes.
 */
struct lhk_line {
	uint32_t size;	   /* sizeof (struct lhk_line) of the host */
	uint32_t flags;	   /* LHK_LINE_* */
	const char *data;  /* not NUL-terminated, may contain NUL */
	size_t len;	   /* bytes in data */
	uint64_t full_len; /* bytes of the line in the stream; it is more than
			      len if the line is too long */
	uint64_t number;   /* of the line in the stream, from 1 */
};

/*
 * What a plugin may call.  The pointer that open gets is valid until close has
 * returned.  The functions may be called from callbacks of the same handle
 * only.
 */
struct lhk_api {
	uint32_t size; /* sizeof (struct lhk_api) of the host */
	uint16_t abi_major;
	uint16_t abi_minor;
	void *ctx; /* the first argument of each function below */

	/*
	 * Emit an event.  When emit returns, nothing of the event is used any
	 * more: its struct was copied, and so was all that it points to, but
	 * for bytes of the current line.  So it may point to automatic variables
	 * and to memory that is freed at once.  Bytes of the line are not
	 * copied; a plugin does not change them.  If the callback fails, none of
	 * its events is delivered.
	 *
	 * The host corrects faults in an event.  A text that is not a JSON body
	 * is taken as PLAIN.  Invalid JSON is left out (an output becomes a
	 * text), and so is a list with a bad text.  A number that is out of
	 * range becomes 0 or absent.  Each such fault counts as an error of the
	 * plugin, and a notice reports it.
	 *
	 * LHK_OK.  LHK_EUNSUPPORTED for a kind that this host does not know,
	 * which the plugin may ignore.  LHK_ESTATE outside of a callback, and
	 * in close.  LHK_EINVAL for a struct that is too small or too large, a
	 * NULL pointer with a length or a plan with bad texts; LHK_ELIMIT after
	 * 65,536 events of one callback (1,024 more sessions and values of
	 * usage, and 1,024 more results, are taken; then the last result
	 * replaces the one before), and after 16 MiB and twice the length of
	 * the line of copied bytes; LHK_ENOMEM: after one of these three the
	 * event is left out, which counts as an error of the plugin, and all
	 * others stand.  The plugin should go on; if it returns that code, the
	 * events before it stand all the same.  Failures of consumers are not
	 * reported here.
	 */
	int (*emit) (void *ctx, const struct lhk_event *event);

	/* Log a message for the operator.  LEVEL is LHK_LOG_*, FMT that of
	 * printf.  The host limits how many are shown. */
	void (*log) (void *ctx, int level, const char *fmt, ...)
		LHK_PRINTF (3, 4);

	/* ---- end of ABI 1.0; new members go below this line only ---- */
};

/* Does this host have MEMBER?  1 or 0.  Only members that were added after ABI
 * 1.0 need this. */
#define LHK_API_HAS(api, member)                                               \
	((api)->size                                                           \
		 >= offsetof (struct lhk_api, member) + sizeof ((api)->member) \
	 && (api)->member != NULL)

/*
 * An option of a stream; its strings are borrowed until open returns.  If the
 * host knows the command, it gives the key "arg" once for each word, in order.
 * A plugin ignores keys that it does not know.
 */
struct lhk_option {
	const char *key;
	const char *value;
};

/* How the agent ended. */
struct lhk_exit {
	uint32_t size;		    /* sizeof (struct lhk_exit) of the host */
	int32_t code;		    /* exit status; -1 if a signal ended it */
	int32_t signal;		    /* the number of that signal, or 0 */
	int32_t reserved;	    /* 0 */
	struct lhk_str stderr_tail; /* the last bytes of its stderr, borrowed
				       until exited returns */
};

/* Flags of a descriptor. */
enum {
	/* Lines are JSON objects.  If the plugin refuses one with LHK_EPARSE,
	 * the host recovers the objects that are in it, and calls line_hook
	 * for each of them; linehook-events(7) says which those are. */
	LHK_PLUGIN_JSON = 1 << 0,
	/* The agent loses output on a pipe, so its stdout is to be a file. */
	LHK_PLUGIN_STDOUT_FILE = 1 << 1,
	/* The provider claims at the end of each run how it went, so a stream
	 * that ends without a claim is a truncated run. */
	LHK_PLUGIN_CLAIMS = 1 << 2,
	/* The provider never reports tokens, or its cost: a limit on them cannot
	 * hold. */
	LHK_PLUGIN_NO_TOKENS = 1 << 3,
	LHK_PLUGIN_NO_COST = 1 << 4,
	/* It reports them at the end of a turn: a limit on them ends no turn. */
	LHK_PLUGIN_LATE_TOKENS = 1 << 5,
	LHK_PLUGIN_LATE_COST = 1 << 6
};

/*
 * How the agent is started: `linehook run --agent NAME -- PROMPT' makes the
 * command line of it.  It is data, of constant strings.
 *
 * The command line is the words of all parts whose conditions hold, in their
 * order.  Inside a word these stand for what the caller gave:
 *
 *	{prompt}   the prompt
 *	{model}    the name of the model
 *	{session}  the id of the session to resume
 *	{args}     more words of the caller, in their order; a word of its own
 *
 * A part with such a word is there only if the caller gave it.  No word goes
 * through a shell.  A prompt may begin with "-": put it behind "--" if the
 * agent knows that, or into one word with its option, "--prompt={prompt}".
 */

/* What a command line was asked to have. */
enum {
	/* The prompt is a word; without this the agent reads it from its
	 * standard input. */
	LHK_WITH_PROMPT = 1 << 0,
	LHK_WITH_MODEL = 1 << 1,
	LHK_WITH_SESSION = 1 << 2,    /* it resumes a session */
	LHK_WITH_DELTAS = 1 << 3,     /* texts as they are written, in pieces */
	LHK_WITH_PERMISSIONS = 1 << 4 /* any that are not the agent's own */
};

#define LHK_COMMAND_WORDS 8

struct lhk_command_part {
	uint32_t with;	  /* LHK_WITH_*: it needs all of them */
	uint32_t without; /* LHK_WITH_*: it needs that none of them is there */
	/* Only for these permissions; NULL: for any.  Three names are the same
	 * for all agents: "read-only" (it changes nothing), "edit" (it may
	 * change files in its directory) and "all" (nothing is asked or
	 * refused). */
	const char *permissions;
	/* The words, up to the first NULL. */
	const char *words[LHK_COMMAND_WORDS];
};

struct lhk_command {
	uint32_t size;	   /* sizeof (struct lhk_command) */
	uint32_t reserved; /* 0 */
	/* The last one has no words.  The first word of the first is the
	 * program; one word of all is "{args}". */
	const struct lhk_command_part *parts;
	/* The words with which a person resumes the session "{session}" at a
	 * terminal, up to a NULL.  May be NULL. */
	const char *const *resume;
	/* How to install the agent, for people: "npm install -g NAME".  May be
	 * NULL. */
	const char *install;
};

/*
 * The descriptor.  The host copies it into a zeroed struct of its own, as many
 * bytes as both sides know: a member that one side does not know is NULL for
 * the other.
 */
struct lhk_plugin {
	uint32_t magic;	      /* set by LHK_PLUGIN_HEADER */
	uint32_t size;	      /* set by LHK_PLUGIN_HEADER */
	uint16_t abi_minor;   /* set by LHK_PLUGIN_HEADER */
	uint16_t needs_minor; /* the lowest minor ABI of a host; often 0 */
	uint32_t flags;	      /* LHK_PLUGIN_*; other bits are refused */

	/* These are required. */
	const char *name;     /* [a-z][a-z0-9-]*; the file is NAME.so */
	const char *provider; /* whose lines these are: "claude" */
	const char *version;  /* of the plugin */
	const char *summary;  /* one line for `linehook plugins' */

	/* Base names of the programs whose output it reads, for `--plugin
	 * auto'.  The list ends with NULL, or is NULL. */
	const char *const *programs;

	/*
	 * For `--plugin auto': is this line, taken alone, of this provider?  1
	 * or 0.  There is no handle; DATA is that of struct lhk_line.  May be
	 * NULL.
	 */
	int (*probe) (const char *data, size_t len);

	/*
	 * Begin a stream: store a handle in *ret and return LHK_OK; or say why
	 * not with api->log and return a negative code.  API is valid until
	 * close has returned.  Required.
	 */
	int (*open) (const struct lhk_api *api,
		     const struct lhk_option *options, size_t n_options,
		     void **ret);

	/*
	 * Read a line: called once for each, in order.  LHK_OK: the line was
	 * read, even if nothing was emitted.  LHK_SKIP: the plugin does not know
	 * this kind of line, or found nothing in it; the host counts it.
	 * LHK_HEARTBEAT: the line was read, and says only that the agent is
	 * alive, which is no progress.  LHK_EPARSE: the line is not in this
	 * format, and the handle is as it was before the call.  Any other
	 * negative code: the plugin failed; the host reports that and goes on
	 * with the next line.  No return value stops the stream or the agent.
	 * Required.
	 */
	int (*line_hook) (void *handle, const struct lhk_line *line);

	/* The stream has ended: emit what was held back.  Returns what
	 * line_hook returns.  May be NULL. */
	int (*flush) (void *handle);

	/* The agent has ended; this always comes after flush.  The last chance
	 * to emit, for example a result for an exit status with a meaning.
	 * Returns what line_hook returns.  May be NULL. */
	int (*exited) (void *handle, const struct lhk_exit *how);

	/* Free the handle.  Called exactly once for each open that succeeded,
	 * also after a callback failed.  It must not emit.  Required. */
	void (*close) (void *handle);

	/* What people should do if no line was in this format; it is printed
	 * after a colon: "add --json".  May be NULL. */
	const char *hint;

	/*
	 * What a lost line may have been.  call_ends lists, up to a NULL, the
	 * values of the member "type" in lines that can end a tool call.  A lost
	 * line of another type, or without a type, ends no call; without the
	 * list, any lost line can end one.  call_parent names the member with
	 * the id of the call whose subagent printed the line.  Both may be NULL.
	 */
	const char *const *call_ends;
	const char *call_parent;

	/* How the agent is started.  May be NULL. */
	const struct lhk_command *command;

	/*
	 * Variables that the agent should have when linehook starts it by that
	 * command, each "NAME=VALUE", up to a NULL.  One that the user has set
	 * or unset stays as it is.  May be NULL.
	 */
	const char *const *agent_env;

	/* The version of the agent whose output the plugin was made from:
	 * "2.1.329".  `linehook doctor' tells when a newer one is installed.
	 * May be NULL. */
	const char *made_for;

	/* ---- end of ABI 1.0; new members go below this line only ---- */
};

/*
 * How a plugin defines its descriptor, in C and in C++20:
 *
 *	LHK_PLUGIN_DEFINE = {
 *		LHK_PLUGIN_HEADER,
 *		.name = "shout",
 *		..
 *	};
 *
 * and in C++17, which has no designators, and without a warning of any
 * compiler in C++20 too:
 *
 *	static constexpr struct lhk_plugin
 *	describe ()
 *	{
 *		struct lhk_plugin p = lhk_plugin_header ();
 *
 *		p.name = "shout";
 *		..
 *		return p;
 *	}
 *
 *	LHK_PLUGIN_DEFINE = describe ();
 */
#define LHK_PLUGIN_SYMBOL linehook_plugin_1
#define LHK_PLUGIN_DEFINE                                                      \
	LHK_PLUGIN_DECL                                                        \
	LHK_EXPORT const struct lhk_plugin linehook_plugin_1

/* The first three members; in C++17 by their places alone. */
#if !defined __cplusplus || __cplusplus >= 202002L
#define LHK_PLUGIN_HEADER                                                      \
	.magic = LHK_PLUGIN_MAGIC,                                             \
	.size = (uint32_t) sizeof (struct lhk_plugin),                         \
	.abi_minor = LHK_ABI_MINOR
#else
#define LHK_PLUGIN_HEADER                                                      \
	LHK_PLUGIN_MAGIC, (uint32_t) sizeof (struct lhk_plugin), LHK_ABI_MINOR
#endif

#ifdef __cplusplus
#define LHK_PLUGIN_DECL extern "C"

/* A descriptor with the header alone; all other members are zeros. */
static constexpr inline struct lhk_plugin
lhk_plugin_header ()
{
	struct lhk_plugin p = {};

	p.magic = LHK_PLUGIN_MAGIC;
	p.size = static_cast<uint32_t> (sizeof p);
	p.abi_minor = LHK_ABI_MINOR;
	return p;
}
#else
#define LHK_PLUGIN_DECL
extern LHK_EXPORT const struct lhk_plugin linehook_plugin_1;
#endif

LHK_END_DECLS

#endif /* LHK_PLUGIN_H */
