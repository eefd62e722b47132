/* SPDX-License-Identifier: MIT */
/* version.h - the version this header set was installed with. */
#ifndef LHK_VERSION_H
#define LHK_VERSION_H

#define LHK_VERSION "0.1.0"

#endif /* LHK_VERSION_H */
