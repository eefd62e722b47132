/* SPDX-License-Identifier: MIT */
/* limits.h - every limit of the library, each with its reason. */
#ifndef COMMON_LIMITS_H
#define COMMON_LIMITS_H

/* Events of one callback.  A plugin that emits more is in an endless loop, and
 * they would all wait in memory.  Then there is still room for sessions and
 * usage, and beyond those for claims. */
#define LIMIT_EVENTS_PER_LINE 65536u
#define LIMIT_EVENTS_RESERVE 1024u

/* Bytes that the events of one callback may point to outside of their line, and
 * twice the bytes of the line more: texts that were decoded or joined are not
 * longer. */
#define LIMIT_COPIES ((size_t) 16 << 20)

/* Milliseconds that a callback of a plugin may take: of short lines a million are
 * read in that time.  A long line may take one millisecond more for so many bytes,
 * at which a plugin is a hundred times as slow as those of this tree.  After so
 * many calls that took longer a plugin is given no more of the stream: each of
 * them kept its host from all else that it does. */
#define LIMIT_CALL_MS 100u
#define LIMIT_CALL_BYTES_PER_MS 16384u
#define LIMIT_SLOW_CALLS 3u
/* Of the process of an isolated plugin: its address space; log messages of one
 * call; how long it may take for a message of calls, in milliseconds. */
#define LIMIT_ISOLATE_MEMORY ((uint64_t) 2 << 30)
#define LIMIT_ISOLATE_LOGS 16u
#define LIMIT_ISOLATE_MS 5000

/* Bytes of an event's struct.  Structs grow at the end, but not to this: a
 * larger size is garbage. */
#define LIMIT_EVENT_SIZE 4096u

/* Bytes of a plugin's descriptor, for the same reason. */
#define LIMIT_PLUGIN_SIZE 4096u

/* Bytes of a word in a plugin's template of a command line; parts of one, and
 * variables that an agent should have: the longest known has 12 parts. */
#define LIMIT_COMMAND_WORD 256u
#define LIMIT_COMMAND_PARTS 64u

/* Bytes of a session's id that people are shown in a command line. */
#define LIMIT_SESSION 128u

/* Program headers of a plugin's file that are read before it is loaded; linkers
 * make about ten. */
#define LIMIT_PLUGIN_SEGMENTS 256

/* Entries of its dynamic section, of which linkers make about thirty and one for
 * each library. */
#define LIMIT_PLUGIN_DYNAMIC 1024u

/* Bytes of a plugin's file whose digest is pinned, and of the list of pins: of
 * both no more is read, and a plugin with all its debug information is smaller. */
#define LIMIT_PINNED_FILE ((uint64_t) 256 << 20)
#define LIMIT_PINS_FILE 65536

/* Bytes that are kept of an oversize line: of one member, and of all members
 * together.  They are a part of LHK_STREAM_SLACK. */
#define LIMIT_SALVAGE_MEMBER 1024u
#define LIMIT_SALVAGE_TOTAL 3584u

/* Bytes of a line that a notice or a log record shows, before escaping. */
#define LIMIT_PREVIEW 256u

/* Bytes of a line that each of its events may have as its raw line. */
#define LIMIT_RAW_REPEATED 65536u

/* Bytes of an id that are kept or compared (session, tool, text, model).  No
 * provider has longer ones. */
#define LIMIT_ID 1024u

/* Tool calls and tasks that are remembered at once. */
#define LIMIT_TRACKED 4096u

/* Values of usage that may still be replaced by one with the same id.  They are
 * added up whenever a budget is looked at; no provider goes back to a much older
 * message. */
#define LIMIT_USAGE_IDS 256u

/* Ids of values that were added up; what comes later under one of them is not
 * counted again. */
#define LIMIT_USAGE_FOLDED 4096u

/* Log records of one code: the first ones are written at once, later ones are
 * summed up once an interval. */
#define LIMIT_LOG_BURST 5u
#define LIMIT_LOG_INTERVAL_MS 10000

/* Bytes of output that wait in memory for a slow reader; more goes to disk. */
#define LIMIT_OUT_MEMORY (1u << 20)

/* Bytes of events that wait to be pulled, in memory and on disk, for a run
 * without a limit of its own; and the least that a limit may be, because short
 * lines make events that are many times as long. */
#define LIMIT_QUEUE (1ull << 30)
#define LIMIT_QUEUE_MIN (16ull << 20)

/* What the state of a record holds: bytes of the lines of open tool calls, of the
 * last text, and of the session, the plan and the question each; and codes of
 * notices, of which there are some twenty.  All of it is made in memory. */
#define LIMIT_STATE_TOOLS (8u << 20)
#define LIMIT_STATE_TEXT (4u << 20)
#define LIMIT_STATE_LINE (1u << 20)
#define LIMIT_STATE_CODES 64u

#endif /* COMMON_LIMITS_H */
