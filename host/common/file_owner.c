/* SPDX-License-Identifier: MIT */
/* file_owner.c - who else may change a file that becomes part of a process. */
#include "config.h"

#include <stddef.h>

#include "common/file_owner.h"

const char *
file_owner_fault (const struct stat *st, uid_t euid)
{
	if (st->st_uid != 0 && st->st_uid != euid)
		return "belongs to another user";
	if ((st->st_mode & S_IWOTH) != 0)
		return "can be written by other users";
	if ((st->st_mode & S_IWGRP) != 0)
		return "can be written by its group";
	return NULL;
}
