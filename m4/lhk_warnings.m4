dnl SPDX-License-Identifier: MIT
dnl LHK_WARNINGS - one list of warnings; errors only with --enable-werror, so
dnl that a newer compiler cannot break a user's build.
AC_DEFUN([LHK_WARNINGS], [
  AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [warnings are errors (for development)])],
    [lhk_werror=$enableval], [lhk_werror=no])
  lhk_warnings="-Wall -Wextra"
  m4_foreach_w([flag], [-Wshadow -Wstrict-prototypes -Wmissing-prototypes
      -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef], [
    LHK_TRY_FLAG([flag], [lhk_warnings="$lhk_warnings flag"])
  ])
  AS_IF([test "$lhk_werror" = yes], [lhk_warnings="$lhk_warnings -Werror"])
  AC_SUBST([WARN_CFLAGS], [$lhk_warnings])
])

dnl LHK_TRY_FLAG(FLAG, IF-TAKEN) - does the compiler take it without a word?
AC_DEFUN([LHK_TRY_FLAG], [
  AS_VAR_PUSHDEF([cache], [lhk_cv_flag_]$1)
  AC_CACHE_CHECK([whether $CC takes $1], [cache], [
    lhk_save_cflags=$CFLAGS
    CFLAGS="$CFLAGS -Werror $1"
    AC_LINK_IFELSE([AC_LANG_PROGRAM()],
      [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
    CFLAGS=$lhk_save_cflags
  ])
  AS_VAR_IF([cache], [yes], [$2])
  AS_VAR_POPDEF([cache])
])
