/* SPDX-License-Identifier: MIT */
/* signaled.c - the process groups that got the signal which ends the run. */
#include "config.h"

#include "monitor/monitor.h"

int
signaled_add (struct monitor *m, pid_t group)
{
	unsigned int i;

	for (i = 0; i < m->n_signaled && i < SIGNALED_GROUPS; i++)
		if (m->signaled_groups[i] == group)
			return 1;
	m->signaled_groups[m->n_signaled++ % SIGNALED_GROUPS] = group;
	return 0;
}
