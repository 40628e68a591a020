# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# The three shapes a target of this project takes. Include paths are written from the module root
# ("orchestrator/reconciler.h"), so every library exports server/ or gui/ and nothing deeper.

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
        target_compile_definitions(${name} PUBLIC QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_FOREACH)
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
