# Writes state_layout.h: a hash of the headers and tables that say what saved state is
# made of (state_file.c). A changed comment changes it, too: better refused than misread.
file(GLOB headers ${SOURCE}/core/*.h ${SOURCE}/core/*.def ${SOURCE}/waveform/*.h
  ${SOURCE}/waveform/base/*.h ${SOURCE}/waveform/*.def ${SOURCE}/hal_sim/*.h ${SOURCE}/hal_sim/*.def
  ${SOURCE}/*/*_save.c ${SOURCE}/sim/site/*.c ${SOURCE}/sim/site/*.h)
list(SORT headers)
set(all "")
foreach(header ${headers})
  file(SHA256 ${header} one)
  string(APPEND all ${one})
endforeach()
string(SHA256 hash "${all}")
string(SUBSTRING ${hash} 0 16 hash)
file(WRITE ${OUTPUT}.new "#define STATE_LAYOUT UINT64_C(0x${hash})\n")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUTPUT}.new ${OUTPUT})
