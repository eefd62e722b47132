/* SPDX-License-Identifier: MIT */
/* wanted.h - ends of runs, as words of the tables. */
#ifndef TESTS_TORTURE_WANTED_H
#define TESTS_TORTURE_WANTED_H

#define EXITED(n)                                                              \
	.end_reason = LHK_END_EXITED, .code = (n),                             \
	.verdict = (n) == 0 ? LHK_VERDICT_OK : LHK_VERDICT_FAILED
#define SIGNALED(n)                                                            \
	.end_reason = LHK_END_SIGNALED, .code = ANY, .signal = (n),            \
	.verdict = LHK_VERDICT_KILLED
#define ENDED(how_, verdict_)                                                  \
	.end_reason = (how_), .code = ANY, .verdict = (verdict_)
#define TIMED_OUT ENDED (LHK_END_TIMEOUT, LHK_VERDICT_TIMEOUT)
#define STALLED ENDED (LHK_END_IDLE, LHK_VERDICT_STALLED)
#define CANCELED ENDED (LHK_END_CANCELED, LHK_VERDICT_CANCELED)
#define LOST                                                                   \
	ENDED (LHK_END_HOST_ERROR, LHK_VERDICT_HOST_ERROR),                    \
		.flags = LHK_FLAG_MONITOR_LOST, .notice = "host: "
#define REFUSED(step_, error_)                                                 \
	ENDED (LHK_END_SPAWN_FAILED, LHK_VERDICT_SPAWN_FAILED),                \
		.step = (step_), .error = (error_)

#endif /* TESTS_TORTURE_WANTED_H */
