/* SPDX-License-Identifier: MIT */
/* limits.h - every limit of the library, each with its reason. */
#ifndef COMMON_LIMITS_H
#define COMMON_LIMITS_H

/* One callback of a plugin: more is a plugin gone wild (reliability: F52). */
#define LIMIT_EVENTS_PER_LINE 65536u

/* Events grow at the end; a larger struct is garbage, not the future. */
#define LIMIT_EVENT_SIZE 4096u

/* A plugin descriptor: the same argument. */
#define LIMIT_PLUGIN_SIZE 4096u

/* Salvage of an oversize line: one member, and all members together.  They
 * fit LHK_STREAM_SLACK. */
#define LIMIT_SALVAGE_MEMBER 1024u
#define LIMIT_SALVAGE_TOTAL 3584u

/* Bytes of a line shown in a notice or a log record, before escaping. */
#define LIMIT_PREVIEW 256u

/* Ids that a person or a table has to carry (session, tool, text, model). */
#define LIMIT_ID 1024u

/* Open tool calls and ids of usage that are remembered at once. */
#define LIMIT_TRACKED 4096u

/* Log records: so many of one code at once, then one summary an interval. */
#define LIMIT_LOG_BURST 5u
#define LIMIT_LOG_INTERVAL_MS 10000

/* Output that waits in memory for a slow consumer, before it goes to disk. */
#define LIMIT_OUT_MEMORY (1u << 20)

/* Events that wait to be pulled, memory and disk, of a run without a limit of
 * its own; and the least, since short lines make events many times as long. */
#define LIMIT_QUEUE (1ull << 30)
#define LIMIT_QUEUE_MIN (16ull << 20)

#endif /* COMMON_LIMITS_H */
