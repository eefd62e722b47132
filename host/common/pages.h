/* SPDX-License-Identifier: MIT */
/* pages.h - memory that a process has used and may not need again. */
#ifndef COMMON_PAGES_H
#define COMMON_PAGES_H

/* A program that has had nothing to do for so long gives pages back. */
#define PAGES_REST_MS 1000

/*
 * Give back the pages of code and constants, which are counted as memory of
 * this process.  They come back from the files of the program and its shared
 * objects when they are used again.  This concerns the whole process, so the
 * library does not call it.
 */
void pages_release_code (void);

#endif /* COMMON_PAGES_H */
