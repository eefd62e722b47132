/* SPDX-License-Identifier: MIT */
/*
 * isolate_proto.h - what the library (host) and linehook-isolate, the process of
 * one plugin, send to each other.
 *
 * Both ends come from one build; either refuses the other if its version
 * differs.  The plugin's process reads requests from its standard input and
 * writes answers to its standard output:
 *
 *	plugin   HELLO with its descriptor, REFUSED with a sentence, or CANNOT
 *	host     CALLS, any number
 *	plugin   ANSWERS to the calls of the generation, one or more, in order
 *
 * A message is a head and LEN bytes.  Everything in it begins at a multiple of 8
 * bytes of it.  The host may send the next calls before it has the answers to
 * the ones before; but what the host does after a call that failed may be another
 * call.  So the plugin's process answers up to that call, begins a new
 * generation, and drops calls of older ones.
 *
 * Answers go out together, so those to the lines before one at which the process
 * dies would be lost.  It makes them in the journal, memory that it shares with the
 * host, which looks there when the process is gone.
 *
 * The host trusts nothing of what it reads: every length and place is checked.
 */
#ifndef COMMON_ISOLATE_PROTO_H
#define COMMON_ISOLATE_PROTO_H

#include <stdint.h>

/* The plugin's file, already opened and checked, is this descriptor; the journal,
 * if there is one, the next. */
#define ISOLATE_FD 3
#define ISOLATE_JOURNAL_FD 4
#define ISOLATE_VERSION 1u
/* An argument behind the file: the process dies with the thread that has started
 * it. */
#define ISOLATE_DIE "die-with-parent"
#define ISOLATE_ALIGNMENT 8u

enum {
	ISOLATE_HELLO = 1,
	ISOLATE_REFUSED = 2,
	ISOLATE_CANNOT = 5, /* instead of HELLO: what the system lacks */
	ISOLATE_CALLS = 3,
	ISOLATE_ANSWERS = 4
};

struct isolate_head {
	uint32_t type;	     /* ISOLATE_* */
	uint32_t version;    /* ISOLATE_VERSION */
	uint32_t generation; /* CALLS, ANSWERS; from 1 */
	uint32_t n;	     /* of the calls or answers that follow */
	uint64_t len;	     /* bytes that follow */
};

enum {
	ISOLATE_OPEN = 1,   /* DATA: pairs of strings, each with its NUL */
	ISOLATE_LINE = 2,   /* DATA: the line */
	ISOLATE_FLUSH = 3,  /* no DATA */
	ISOLATE_EXITED = 4, /* DATA: the end of stderr */
	ISOLATE_PROBE = 5   /* DATA: a line */
};

/* A call, with DATA and a newline behind it.  Whoever reads a message has
 * LHK_LINE_PADDING bytes behind it. */
struct isolate_call {
	uint32_t kind;	   /* ISOLATE_* */
	uint32_t flags;	   /* LINE: LHK_LINE_* */
	uint64_t len;	   /* of DATA */
	uint64_t full_len; /* LINE */
	uint64_t number;   /* LINE */
	uint64_t off;	/* LINE: where it began in the stream; for the host */
	int32_t code;	/* EXITED */
	int32_t signal; /* EXITED */
};

/* What a call has returned, with what it says of its faults, its log records and
 * its events behind it. */
struct isolate_answer {
	int32_t r;
	uint32_t n_events; /* records of event_record.h */
	uint32_t n_logs;   /* struct isolate_log */
	uint32_t faults;   /* of its events; above 0: struct isolate_fault */
	uint32_t lost_usage;
	uint32_t slow_ms; /* what the call took, if it was slow; else 0 */
	uint64_t len;	  /* bytes that follow, of this answer */
};

/* Of the first fault. */
struct isolate_fault {
	char kind[16], member[24], what[96]; /* or "" */
};

struct isolate_log {
	int32_t level;
	uint32_t len; /* of the text behind it, without a NUL */
};

/* The ANSWERS message that is made. */
struct isolate_journal {
	uint32_t message; /* its number, from 1 */
	uint32_t n;	  /* answers in it */
	uint64_t len;	  /* their bytes */
	/* Then the message, of which the head is not complete. */
};

#define ISOLATE_JOURNAL_SIZE ((size_t) 1 << 20)

/* N, made a multiple of ISOLATE_ALIGNMENT. */
static inline uint64_t
isolate_align (uint64_t n)
{
	return (n + ISOLATE_ALIGNMENT - 1) / ISOLATE_ALIGNMENT
	       * ISOLATE_ALIGNMENT;
}

/* The bytes of CALL with what belongs to it. */
static inline uint64_t
isolate_call_size (const struct isolate_call *call)
{
	return isolate_align (sizeof *call + call->len + 1);
}

/* Bytes that messages of a kind have at most; more is nonsense. */
#define ISOLATE_HELLO_MAX ((uint64_t) 1 << 20)
/* Answers become a message of their own when they are so many bytes. */
#define ISOLATE_ANSWERS_ENOUGH ((size_t) 256 << 10)

#endif /* COMMON_ISOLATE_PROTO_H */
