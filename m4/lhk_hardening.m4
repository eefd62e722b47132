dnl SPDX-License-Identifier: MIT
dnl LHK_HARDENING - flags of reliable servers, each only where it is taken.
dnl --disable-hardening leaves them out (for measurements).
AC_DEFUN([LHK_HARDENING], [
  AC_ARG_ENABLE([hardening],
    [AS_HELP_STRING([--disable-hardening], [build without hardening flags])],
    [], [enable_hardening=yes])
  lhk_hard_cflags= lhk_hard_ldflags=
  AS_IF([test "$enable_hardening" = yes], [
    m4_foreach_w([flag], [-fstack-protector-strong -fstack-clash-protection
        -fcf-protection=full], [
      LHK_TRY_FLAG([flag], [lhk_hard_cflags="$lhk_hard_cflags flag"])
    ])
    dnl A sanitizer looks at the calls itself, not at those of fortified names.
    AS_CASE([" $CFLAGS ${enable_sanitize-no} "], [*" -O0 "*|*" -fsanitize="*], [],
      [*" -O"*" no "], [lhk_hard_cflags="$lhk_hard_cflags -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])
    LHK_TRY_FLAG([[-Wl,-z,relro]], [lhk_hard_ldflags="$lhk_hard_ldflags -Wl,-z,relro"])
    LHK_TRY_FLAG([[-Wl,-z,now]], [lhk_hard_ldflags="$lhk_hard_ldflags -Wl,-z,now"])
    LHK_TRY_FLAG([[-Wl,-z,noexecstack]], [lhk_hard_ldflags="$lhk_hard_ldflags -Wl,-z,noexecstack"])
    LHK_TRY_FLAG([[-Wl,-z,separate-code]], [lhk_hard_ldflags="$lhk_hard_ldflags -Wl,-z,separate-code"])
    LHK_TRY_FLAG([-pie], [lhk_pie_ldflags=-pie lhk_pie_cflags=-fPIE])
  ])
  dnl Whether the tests look for all of it in what is built.
  AS_CASE(["$lhk_hard_cflags"], [*_FORTIFY_SOURCE*], [lhk_hardened=yes],
    [lhk_hardened=no])
  AM_CONDITIONAL([HARDENED], [test $lhk_hardened = yes])
  lhk_monitor_ldflags=$lhk_pie_ldflags
  AS_CASE([" $CFLAGS ${enable_sanitize-no} "], [*" -fsanitize="*], [], [*" no "],
    [LHK_TRY_FLAG([-static-pie], [lhk_monitor_ldflags=-static-pie])])
  AC_SUBST([MONITOR_LDFLAGS], [$lhk_monitor_ldflags])
  AC_SUBST([HARD_CFLAGS], [$lhk_hard_cflags])
  AC_SUBST([HARD_LDFLAGS], [$lhk_hard_ldflags])
  AC_SUBST([PIE_CFLAGS], [$lhk_pie_cflags])
  AC_SUBST([PIE_LDFLAGS], [$lhk_pie_ldflags])
])
