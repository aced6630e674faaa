# Debian's cross compiler for arm64, and its libraries for arm64 (multiarch). The tools that
# the build makes for itself, and --help for the manual pages, run under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
# GCC 12.2 for AArch64 ends with an internal error in this pass at -O3 (report_plot.c).
set(CMAKE_C_FLAGS_INIT -fno-tree-loop-vectorize)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64)
set(ENV{PKG_CONFIG_LIBDIR} /usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
