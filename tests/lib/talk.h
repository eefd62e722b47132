/* SPDX-License-Identifier: MIT */
/* talk.h - linehook-exec alone, with a host made by hand. */
#ifndef TESTS_TALK_H
#define TESTS_TALK_H

#include "process/monitor_client.h"

/* Start it for ARGV, with all streams of the agent the null device. */
void talk_start (struct monitor_client *h, const char *const *argv);

/* HELLO, then START with CONTAIN and FLAGS, then STARTED in RET. */
void talk_begin (struct monitor_client *h, int contain, unsigned int flags,
		 struct proto_report *ret);

/* The next record but PLACED, within 20 s; its type, 0 at the end of the talk. */
uint32_t talk_next (struct monitor_client *h, struct proto_report *ret);

/* The last one: EMPTY or SURVIVORS_LEFT; 0: none came. */
uint32_t talk_last (struct monitor_client *h, struct proto_report *ret);

/* Its exit status, or minus the signal. */
int talk_end (struct monitor_client *h);

#endif /* TESTS_TALK_H */
