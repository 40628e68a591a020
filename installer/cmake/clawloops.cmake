# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# The three shapes a target of this project takes. Include paths are written from the module root
# ("orchestrator/reconciler.h"), so every library exports server/ or gui/ and nothing deeper.

# Precompiled headers halve a cold build. Three, since a header serves only files with the same view of Qt: those without it,
# those where bytes are no text (the product), those where they are (the tests).
# clang's want the very same options. From a precompiled header GCC 12 no longer knows what is the system's, and with -O2 warns of
# the standard library's own code.
if(CLAWLOOPS_FUZZ OR (CLAWLOOPS_WERROR AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug"))
    set(CLAWLOOPS_PCH OFF)
else()
    option(CLAWLOOPS_PCH "Precompiled headers" ON)
endif()
if(CLAWLOOPS_PCH)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
        "${CMAKE_CURRENT_LIST_DIR}/precompiled_plain.h" "${CMAKE_CURRENT_LIST_DIR}/precompiled_qt.h")
    set(empty "${CMAKE_BINARY_DIR}/precompiled.cpp")
    file(CONFIGURE OUTPUT "${empty}" CONTENT "")
    foreach(kind plain qt qt_tests)
        add_library(clawloops_precompiled_${kind} OBJECT "${empty}")
        string(REGEX REPLACE "_.*" "" header ${kind})
        # By name, not by path: the same text, and so the same hit in the compiler's cache, in every checkout.
        target_include_directories(clawloops_precompiled_${kind} PRIVATE "${CMAKE_CURRENT_LIST_DIR}")
        target_precompile_headers(clawloops_precompiled_${kind} PRIVATE <precompiled_${header}.h>)
        target_compile_options(clawloops_precompiled_${kind} PRIVATE -fpch-preprocess)
        # GCC writes another file each time; ccache takes this instead (CCACHE_PCH_EXTSUM): what it was made of.
        file(READ "${CMAKE_CURRENT_LIST_DIR}/precompiled_plain.h" plain)
        file(READ "${CMAKE_CURRENT_LIST_DIR}/precompiled_qt.h" qt)
        execute_process(COMMAND "${CMAKE_CXX_COMPILER}" --version OUTPUT_VARIABLE compiler)
        file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/CMakeFiles/clawloops_precompiled_${kind}.dir/cmake_pch.hxx.gch.sum" @ONLY
            CONTENT "${kind} ${compiler} ${CMAKE_BUILD_TYPE} ${CLAWLOOPS_SANITIZE} Qt ${Qt6_VERSION} Boost ${Boost_VERSION} ${plain} ${qt}")
    endforeach()
    target_link_libraries(clawloops_precompiled_qt PRIVATE Qt6::Core)
    target_compile_definitions(clawloops_precompiled_qt PRIVATE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_FOREACH)
    target_link_libraries(clawloops_precompiled_qt_tests PRIVATE Qt6::Core)
    target_compile_definitions(clawloops_precompiled_qt_tests PRIVATE QT_NO_KEYWORDS)
endif()

function(clawloops_precompiled name kind)
    if(CLAWLOOPS_PCH)
        target_precompile_headers(${name} REUSE_FROM clawloops_precompiled_${kind})
        target_compile_options(${name} PRIVATE -fpch-preprocess) # or ccache refuses
    endif()
endfunction()

# clawloops_library(NAME [QT] SOURCES ... HEADERS ... LINK ...)   one per folder of server/ and gui/
function(clawloops_library name)
    cmake_parse_arguments(A "QT" "" "SOURCES;HEADERS;LINK" ${ARGN})
    add_library(${name} STATIC ${A_SOURCES})
    get_filename_component(root "${CMAKE_CURRENT_SOURCE_DIR}" DIRECTORY)
    if(root MATCHES "/gui/pages$")
        get_filename_component(root "${root}" DIRECTORY)
    endif()
    target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${root}" FILES ${A_HEADERS})
    if(A_QT)
        set_target_properties(${name} PROPERTIES AUTOMOC ON)
        # What concerns its own code only is private: tests may write plain literals, and one precompiled header serves them all.
        target_compile_definitions(${name} PUBLIC QT_NO_KEYWORDS PRIVATE QT_NO_CAST_FROM_ASCII QT_NO_FOREACH)
        clawloops_precompiled(${name} qt)
    else()
        clawloops_precompiled(${name} plain)
    endif()
    target_link_libraries(${name} PUBLIC ${A_LINK})
endfunction()

# clawloops_program(NAME [QT] SOURCES ... LINK ...)   one per folder of app/: main() and wiring only
function(clawloops_program name)
    cmake_parse_arguments(A "QT" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${A_SOURCES})
    if(A_QT)
        set_target_properties(${name} PROPERTIES AUTOMOC ON)
        target_compile_definitions(${name} PRIVATE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_FOREACH)
        clawloops_precompiled(${name} qt)
    endif()
    target_compile_definitions(${name} PRIVATE CLAWLOOPS_VERSION="${PROJECT_VERSION}")
    target_link_libraries(${name} PRIVATE ${A_LINK})
    install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()

# clawloops_test(NAME SOURCES ... LABELS ... LINK ... [TIMEOUT seconds])   Qt Test, also for modules without Qt
function(clawloops_test name)
    cmake_parse_arguments(A "" "TIMEOUT" "SOURCES;LABELS;LINK" ${ARGN})
    add_executable(${name} ${A_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    target_compile_definitions(${name} PRIVATE QT_NO_KEYWORDS)
    clawloops_precompiled(${name} qt_tests)
    # Only where they are used: an absolute path on the command line makes the compiler's cache miss in every other checkout.
    foreach(source ${A_SOURCES})
        file(STRINGS "${source}" paths REGEX "(SOURCE|BINARY)_DIR")
        if(paths)
            set_property(SOURCE "${source}" APPEND PROPERTY COMPILE_DEFINITIONS
                "SOURCE_DIR=\"${CMAKE_SOURCE_DIR}\"" "BINARY_DIR=\"${CMAKE_BINARY_DIR}\"")
        endif()
    endforeach()
    target_link_libraries(${name} PRIVATE Qt6::Test ${A_LINK})
    add_test(NAME ${name} COMMAND ${name})
    if(NOT A_TIMEOUT)
        set(A_TIMEOUT 60)
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${A_LABELS}" TIMEOUT ${A_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;TZ=Pacific/Chatham")
endfunction()
