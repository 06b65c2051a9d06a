# nystrom_dependencies: the header-only libraries that the sources include; the public headers include none of them.
# They are reached through a folder of links, because the system's include folder must stay invisible to emcc.
set(links ${PROJECT_BINARY_DIR}/dependencies)
file(MAKE_DIRECTORY ${links})

function(nystrom_link_headers folder header)
  find_path(NYSTROM_${folder}_PARENT ${folder}/${header} REQUIRED NO_CMAKE_FIND_ROOT_PATH
    HINTS /usr/include /usr/local/include PATH_SUFFIXES eigen3
    DOC "The include folder that holds ${folder}/${header}")
  file(CREATE_LINK ${NYSTROM_${folder}_PARENT}/${folder} ${links}/${folder} SYMBOLIC)
endfunction()

nystrom_link_headers(Eigen Core)
nystrom_link_headers(xsimd xsimd.hpp)
nystrom_link_headers(nlohmann json.hpp)
nystrom_link_headers(doctest doctest.h)

add_library(nystrom_dependencies INTERFACE)
target_include_directories(nystrom_dependencies SYSTEM INTERFACE ${links})
