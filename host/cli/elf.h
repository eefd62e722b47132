/* SPDX-License-Identifier: MIT */
/* elf.h - read the headers of a program or a shared object. */
#ifndef CLI_ELF_H
#define CLI_ELF_H

#include <stddef.h>

#include <linehook/base.h>

struct elf_symbol {
	const char *name;
	int defined; /* else imported */
};

/* Call FN for each exported or imported symbol of the shared object at PATH,
 * which must be of this machine.  LHK_OK, or LHK_EPARSE, LHK_ESYS with a
 * sentence. */
int elf_symbols (const char *path,
		 void (*fn) (void *user, const struct elf_symbol *symbol),
		 void *user, struct lhk_error *err);

/* The loader that the program open as FD asks for: 1, and its path in BUF, at
 * most SIZE bytes with the NUL; 0: it is no ELF file, or names none. */
int elf_loader (int fd, char *buf, size_t size);

#endif /* CLI_ELF_H */
