/* SPDX-License-Identifier: MIT */
/* shell_result.h - how a command of run_shell_command ended, by its output. */
#ifndef PLUGINS_SHELL_RESULT_H
#define PLUGINS_SHELL_RESULT_H

#include "common.h"

/*
 * The tool is that of Gemini CLI and of the programs made from it.  Its output
 * tells the exit status of the command only in two cases: the command printed
 * nothing, or the text is the one that the model gets.  If it does, set the exit
 * status of E, and the status of the call.  0 or LHK_ENOMEM.
 */
int shell_result_read (struct arena *a, struct lhk_ev_tool *e);

#endif /* PLUGINS_SHELL_RESULT_H */
