# Finds LibTorch without its own TorchConfig, which stops where a CUDA build meets a machine without the CUDA toolkit.
#
# Looks in LOSSLAB_TORCH_DIR (cache or environment; the folder that holds include/ and lib/, as in the pip wheel's
# site-packages/torch or the libtorch zip), then in every CMAKE_PREFIX_PATH entry.
#
# Defines: LibTorch::LibTorch, LibTorch_LIBRARY_DIR, LibTorch_VERSION, LibTorch_CUDA (whether it is a CUDA build)

set(LOSSLAB_TORCH_DIR "$ENV{LOSSLAB_TORCH_DIR}" CACHE PATH "Folder of LibTorch (holds include/ and lib/)")
set(_hints ${LOSSLAB_TORCH_DIR})
foreach(_prefix IN LISTS CMAKE_PREFIX_PATH)
    list(APPEND _hints ${_prefix} ${_prefix}/../.. ${_prefix}/../../..)
endforeach()

find_path(LibTorch_INCLUDE_DIR torch/csrc/api/include/torch/torch.h
    HINTS ${_hints} PATH_SUFFIXES include)
find_library(LibTorch_LIBRARY torch HINTS ${_hints} PATH_SUFFIXES lib)
find_library(LibTorch_CPU_LIBRARY torch_cpu HINTS ${_hints} PATH_SUFFIXES lib)
find_library(LibTorch_C10_LIBRARY c10 HINTS ${_hints} PATH_SUFFIXES lib)
find_library(LibTorch_CUDA_LIBRARY torch_cuda HINTS ${_hints} PATH_SUFFIXES lib)
find_library(LibTorch_C10_CUDA_LIBRARY c10_cuda HINTS ${_hints} PATH_SUFFIXES lib)
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_LIBRARY LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY
    LibTorch_CUDA_LIBRARY LibTorch_C10_CUDA_LIBRARY)

if(LibTorch_INCLUDE_DIR AND EXISTS ${LibTorch_INCLUDE_DIR}/torch/headeronly/version.h)
    set(_version_header ${LibTorch_INCLUDE_DIR}/torch/headeronly/version.h)
elseif(LibTorch_INCLUDE_DIR)
    set(_version_header ${LibTorch_INCLUDE_DIR}/torch/csrc/api/include/torch/version.h)
endif()
if(_version_header AND EXISTS ${_version_header})
    file(STRINGS ${_version_header} _version_line REGEX "define TORCH_VERSION \"")
    string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" LibTorch_VERSION "${_version_line}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
    REQUIRED_VARS LibTorch_LIBRARY LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_INCLUDE_DIR
    VERSION_VAR LibTorch_VERSION
    REASON_FAILURE_MESSAGE "LibTorch was not found: './dev build' fetches it, or set LOSSLAB_TORCH_DIR to the folder of an installed torch")

if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
    get_filename_component(LibTorch_LIBRARY_DIR ${LibTorch_CPU_LIBRARY} DIRECTORY)
    add_library(LibTorch::LibTorch INTERFACE IMPORTED)
    target_include_directories(LibTorch::LibTorch SYSTEM INTERFACE
        ${LibTorch_INCLUDE_DIR} ${LibTorch_INCLUDE_DIR}/torch/csrc/api/include)
    target_link_libraries(LibTorch::LibTorch INTERFACE ${LibTorch_CPU_LIBRARY} ${LibTorch_C10_LIBRARY})
    set(LibTorch_CUDA OFF)
    if(LibTorch_CUDA_LIBRARY AND LibTorch_C10_CUDA_LIBRARY)
        # The CUDA back end registers itself when loaded; nothing of ours names a symbol of it.
        set(LibTorch_CUDA ON)
        target_link_libraries(LibTorch::LibTorch INTERFACE
            -Wl,--no-as-needed ${LibTorch_LIBRARY} ${LibTorch_CUDA_LIBRARY} ${LibTorch_C10_CUDA_LIBRARY} -Wl,--as-needed)
    endif()
endif()
