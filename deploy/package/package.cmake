# What `cmake --install` puts where, and what `cpack` makes of it: Debian packages, one for
# each component (docs/packages.md). Included by CMakeLists.txt.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON) # build.sh builds what is packed, no tests
set(HERE ${CMAKE_CURRENT_LIST_DIR})
set(SHARE ${CMAKE_INSTALL_DATADIR}/metersim)

# The program, its data, its words for the shell and for systemd.
install(TARGETS metersim RUNTIME COMPONENT metersim)
install(DIRECTORY scenarios recordings DESTINATION ${SHARE} COMPONENT metersim
  PATTERN "README.md" EXCLUDE)
install(DIRECTORY docs DESTINATION ${SHARE} COMPONENT metersim PATTERN "meter.html" EXCLUDE)
install(FILES README.md CHANGELOG.md DESTINATION ${SHARE} COMPONENT metersim)
install(FILES ${HERE}/metersim.service RENAME metersim@.service COMPONENT metersim
  DESTINATION lib/systemd/system)
install(FILES ${HERE}/metersim.completion RENAME metersim COMPONENT metersim
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${HERE}/example.conf COMPONENT metersim
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

# Manual pages are the program's own --help, one for each command.
find_program(HELP2MAN help2man)
if(HELP2MAN)
  add_custom_command(OUTPUT man/metersim.1.gz
    COMMAND ${HERE}/man_pages.sh ${CMAKE_BINARY_DIR}/man ${CMAKE_CROSSCOMPILING_EMULATOR}
      $<TARGET_FILE:metersim>
    DEPENDS metersim ${HERE}/man_pages.sh COMMENT "man pages" VERBATIM)
  add_custom_target(man_pages DEPENDS man/metersim.1.gz)
  install(DIRECTORY ${CMAKE_BINARY_DIR}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
    COMPONENT metersim OPTIONAL)
endif()

# The processor of --board image; Unicorn is GPL-2, so it is a package of its own.
if(TARGET metersim_processor)
  install(TARGETS metersim_processor LIBRARY DESTINATION lib/metersim COMPONENT processor)
endif()

# The flashed images, with what a factory needs beside them.
install(DIRECTORY ${CMAKE_BINARY_DIR}/firmware/ DESTINATION ${SHARE}/firmware
  COMPONENT firmware OPTIONAL FILES_MATCHING PATTERN "meter*" PATTERN "reset_system*"
  PATTERN "board.bin" PATTERN "emulated.elf" PATTERN "*.map" EXCLUDE PATTERN "*.size" EXCLUDE)
install(FILES hal_target/BOARD.md hal_target/openocd.cfg DESTINATION ${SHARE}/firmware
  COMPONENT firmware)
install(PROGRAMS hal_target/factory.sh DESTINATION ${SHARE}/firmware COMPONENT firmware)

# The meter as a page, where emscripten was there.
if(TARGET page_html)
  install(FILES ${CMAKE_BINARY_DIR}/page/meter.html DESTINATION ${SHARE}/page COMPONENT page
    OPTIONAL)
  # The exercises of the documents have it in them.
  install(CODE "
    set(docs \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${SHARE}/docs)
    file(MAKE_DIRECTORY \${docs})
    file(CREATE_LINK ../page/meter.html \${docs}/meter.html SYMBOLIC)" COMPONENT page)
endif()

# The client in Python, as its own wheel holds it.
install(CODE "
  set(wheel ${CMAKE_BINARY_DIR}/wheel)
  file(REMOVE_RECURSE \${wheel})
  file(MAKE_DIRECTORY \${wheel})
  execute_process(COMMAND python3 -B -c
    \"import build_backend; build_backend.build_wheel('\${wheel}')\"
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/clients/python COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB wheel \${wheel}/*.whl)
  execute_process(COMMAND python3 -m zipfile -e \${wheel}
    \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/python3/dist-packages COMMAND_ERROR_IS_FATAL ANY)
  " COMPONENT python)

# Each package has its copyright and its changes.
string(TIMESTAMP NOW "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(METERSIM_MAINTAINER "metersim developers <metersim@localhost.localdomain>" CACHE STRING
  "name and address on the packages: whoever gives them away fills in his own")
configure_file(${HERE}/changelog.in ${CMAKE_BINARY_DIR}/package/changelog @ONLY)
execute_process(COMMAND gzip -9nkf ${CMAKE_BINARY_DIR}/package/changelog)
set(COMPONENTS metersim processor firmware page python)
set(metersim_PACKAGE metersim)
set(processor_PACKAGE metersim-processor)
set(firmware_PACKAGE metersim-firmware)
set(page_PACKAGE metersim-page)
set(python_PACKAGE python3-metersim)
foreach(component ${COMPONENTS})
  set(DOC ${CMAKE_INSTALL_DATADIR}/doc/${${component}_PACKAGE})
  install(FILES ${HERE}/copyright DESTINATION ${DOC} COMPONENT ${component})
  install(FILES ${CMAKE_BINARY_DIR}/package/changelog.gz DESTINATION ${DOC}
    COMPONENT ${component})
  if(EXISTS ${HERE}/${component}.overrides)
    install(FILES ${HERE}/${component}.overrides COMPONENT ${component}
      RENAME ${${component}_PACKAGE}
      DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides)
  endif()
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_CONTACT "${METERSIM_MAINTAINER}")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
  GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SECTION electronics)
set(CPACK_DEBIAN_PACKAGE_RELEASE "")
set(CPACK_COMPONENTS_ALL metersim firmware python)
if(TARGET metersim_processor)
  list(APPEND CPACK_COMPONENTS_ALL processor)
endif()
if(TARGET page_html)
  list(APPEND CPACK_COMPONENTS_ALL page)
endif()

# package COMPONENT ARCHITECTURE SUMMARY TEXT: "" is the architecture of the build.
macro(package component architecture summary text)
  string(TOUPPER ${component} C)
  set(CPACK_DEBIAN_${C}_PACKAGE_NAME ${${component}_PACKAGE})
  set(CPACK_DEBIAN_${C}_DESCRIPTION "${summary}\n${text}")
  set(CPACK_COMPONENT_${C}_DESCRIPTION "${summary}\n${text}")
  if(NOT "${architecture}" STREQUAL "")
    set(CPACK_DEBIAN_${C}_PACKAGE_ARCHITECTURE ${architecture})
  else()
    set(CPACK_DEBIAN_${C}_PACKAGE_SHLIBDEPS ON)
  endif()
endmacro()
package(metersim "" "simulated three-phase power meters on Modbus"
  "The real metering core of Series 4100 and 4000-R meters runs on a simulated\nboard, in a synthesised grid: live meters on Modbus TCP and RTU, scenarios as\ntests, COMTRADE records, diagnosis of wiring faults.")
set(CPACK_DEBIAN_METERSIM_PACKAGE_RECOMMENDS "metersim-firmware, metersim-processor")
set(CPACK_DEBIAN_METERSIM_PACKAGE_SUGGESTS "metersim-page, python3-metersim")
package(processor "" "processor for metersim --board image"
  "The flashed image of the meter runs on models of the board's chips. This\npackage holds the emulated processor, which is based on Unicorn (GPL-2).")
set(CPACK_DEBIAN_PROCESSOR_PACKAGE_RECOMMENDS "metersim-firmware")
package(firmware all "images of the simulated meter for its board"
  "The meter's image, its reset system and the scripts of a factory: what is\nflashed on an STM32F405, and what metersim --board image runs.")
package(page all "simulated power meter as a web page"
  "One HTML file without any other: a meter with its panel, its waves, faults\nand a Modbus terminal, that a browser opens from the disk.")
package(python all "simulated power meters for tests in Python"
  "Starts plants of metersim in tests, with held time: fixtures for pytest and\nkeywords for Robot Framework.")
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "python3 (>= 3.9)")
set(CPACK_DEBIAN_PYTHON_PACKAGE_RECOMMENDS "metersim")
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
include(CPack)
