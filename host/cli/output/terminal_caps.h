/* SPDX-License-Identifier: MIT */
/* terminal_caps.h - what an output can show: its width, colours, characters. */
#ifndef CLI_OUTPUT_TERMINAL_CAPS_H
#define CLI_OUTPUT_TERMINAL_CAPS_H

/* No line is made longer than this, however wide a terminal says it is. */
#define TERMINAL_COLUMNS_MAX 500

/* The columns of FD: those of its terminal, else COLUMNS of the environment,
 * else 80; from 1 to TERMINAL_COLUMNS_MAX. */
unsigned int terminal_columns (int fd);

/* The same of a terminal; 0 if FD is none: what it gets has lines of any
 * length. */
unsigned int terminal_columns_if_any (int fd);

/* May FD get colours?  By NO_COLOR, which wins, and CLICOLOR_FORCE of the
 * environment, which count unless they are empty (or the latter 0); else on a
 * terminal that knows escape sequences. */
int terminal_has_colors (int fd);

/* Does the locale have UTF-8?  By the first of LC_ALL, LC_CTYPE and LANG that is
 * set and not empty: the program itself never sets a locale. */
int terminal_is_utf8 (void);

#endif /* CLI_OUTPUT_TERMINAL_CAPS_H */
