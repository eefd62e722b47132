/* SPDX-License-Identifier: MIT */
/* small_disk.c - a small file system that only this process sees. */
#include "config.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "lib/machine.h"
#include "lib/small_disk.h"
#include "lib/tap.h"

/* From now on what is mounted is seen by nobody else. */
static int
enter_namespace (void)
{
	return unshare (CLONE_NEWNS) == 0
			       && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE,
					 NULL)
					  == 0
		       ? 0
		       : -1;
}

int
small_disk_or_skip (void)
{
	if (!machine_has_root ())
		return 0;
	if (machine_has_own_mounts ())
		return 1;
	tap_skip (MACHINE_OWN_MOUNTS);
	return 0;
}

int
small_disk_mount (char dir[SMALL_DISK_PATH], const char *options)
{
	tempdir_template (dir, "linehook-disk");
	if (enter_namespace () < 0 || mkdtemp (dir) == NULL)
		return -1;
	if (mount ("none", dir, "tmpfs", 0, options) == 0)
		return 0;
	tap_note ("tmpfs on %s: %s", dir, strerror (errno));
	rmdir (dir);
	return -1;
}

void
small_disk_unmount (const char *dir)
{
	umount2 (dir, MNT_DETACH);
	rmdir (dir);
}
