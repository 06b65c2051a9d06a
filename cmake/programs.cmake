# nystrom_add_programs(NAME SOURCES): the program NAME of the object library SOURCES. In WebAssembly there are two of it,
# NAME-simd128 and NAME-relaxed-simd, which differ in their kernels alone: an engine refuses a module that has instructions
# it does not know. NAME_programs lists them.
function(nystrom_add_programs name sources)
  set(programs ${name})
  if(EMSCRIPTEN)
    set(programs ${name}-simd128 ${name}-relaxed-simd)
  endif()
  foreach(program IN LISTS programs)
    add_executable(${program} $<TARGET_OBJECTS:${sources}>)
    target_link_libraries(${program} PRIVATE nystrom::nystrom nystrom_options)
    if(EMSCRIPTEN)
      string(REPLACE ${name}- nystrom_kernels_ kernels ${program})
      target_link_libraries(${program} PRIVATE ${kernels})
    endif()
  endforeach()
  set(${name}_programs ${programs} PARENT_SCOPE)
endfunction()
