dnl SPDX-License-Identifier: MIT
dnl LHK_SANITIZE - --enable-sanitize=address,undefined | thread.
AC_DEFUN([LHK_SANITIZE], [
  AC_ARG_ENABLE([sanitize],
    [AS_HELP_STRING([--enable-sanitize=LIST], [build with these sanitizers, e.g. address,undefined])],
    [lhk_sanitize=$enableval], [lhk_sanitize=no])
  AS_IF([test "$lhk_sanitize" != no], [
    lhk_san="-fsanitize=$lhk_sanitize -fno-sanitize-recover=all -fno-omit-frame-pointer"
    AC_SUBST([SAN_CFLAGS], [$lhk_san])
    AC_SUBST([SAN_LDFLAGS], ["-fsanitize=$lhk_sanitize"])
  ])
  AM_CONDITIONAL([SANITIZE], [test "$lhk_sanitize" != no])
  AM_CONDITIONAL([SANITIZE_THREAD], [test "$lhk_sanitize" = thread])
])

dnl LHK_FUZZING - --enable-fuzzing builds the fuzz targets with libFuzzer.
AC_DEFUN([LHK_FUZZING], [
  AC_ARG_ENABLE([fuzzing],
    [AS_HELP_STRING([--enable-fuzzing], [build the fuzz targets with libFuzzer (needs clang)])],
    [lhk_fuzzing=$enableval], [lhk_fuzzing=no])
  AS_IF([test "$lhk_fuzzing" = yes],
    [LHK_TRY_FLAG([-fsanitize=fuzzer-no-link], [:])
     AS_IF([test "$lhk_cv_flag__fsanitize_fuzzer_no_link" = no],
       [AC_MSG_ERROR([--enable-fuzzing needs clang with libFuzzer: configure with CC=clang (Debian: apt-get install clang libclang-rt-14-dev)])])
     AS_IF([test "$lhk_sanitize" = no],
       [AC_MSG_ERROR([--enable-fuzzing wants --enable-sanitize=address,undefined beside it])])
     SAN_CFLAGS="$SAN_CFLAGS -fsanitize=fuzzer-no-link"])
  AM_CONDITIONAL([FUZZING], [test "$lhk_fuzzing" = yes])
])
