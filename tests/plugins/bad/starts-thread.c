/* SPDX-License-Identifier: MIT */
/* starts-thread.c - starts a thread. */
#include <pthread.h>

#define BAD_NAME "starts-thread"
#define BAD_OWN_OPEN
#include "bad.h"

static void *
do_nothing (void *arg)
{
	return arg;
}

static int
own_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	pthread_t thread;

	if (pthread_create (&thread, NULL, do_nothing, NULL) == 0)
		(void) pthread_join (thread, NULL);
	return bad_open (api, options, n_options, ret);
}
