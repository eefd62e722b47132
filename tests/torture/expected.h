/* SPDX-License-Identifier: MIT */
/* expected.h - short forms of expected ends, for the tables of entries. */
#ifndef TESTS_TORTURE_EXPECTED_H
#define TESTS_TORTURE_EXPECTED_H

#define EXITED(n)                                                              \
	.end_reason = LHK_END_EXITED, .code = (n),                             \
	.verdict = (n) == 0 ? LHK_VERDICT_OK : LHK_VERDICT_FAILED
#define SIGNALED(n)                                                            \
	.end_reason = LHK_END_SIGNALED, .code = ANY, .signal = (n),            \
	.verdict = LHK_VERDICT_KILLED
#define ENDED(end_reason_, verdict_)                                           \
	.end_reason = (end_reason_), .code = ANY, .verdict = (verdict_)
#define TIMED_OUT ENDED (LHK_END_TIMEOUT, LHK_VERDICT_TIMEOUT)
#define STALLED ENDED (LHK_END_IDLE, LHK_VERDICT_STALLED)
#define CANCELED ENDED (LHK_END_CANCELED, LHK_VERDICT_CANCELED)
#define LOST                                                                   \
	ENDED (LHK_END_HOST_ERROR, LHK_VERDICT_HOST_ERROR),                    \
		.flags = LHK_FLAG_MONITOR_LOST, .notice = "host: "
#define REFUSED(step_, error_)                                                 \
	ENDED (LHK_END_SPAWN_FAILED, LHK_VERDICT_SPAWN_FAILED),                \
		.step = (step_), .error = (error_)

#endif /* TESTS_TORTURE_EXPECTED_H */
