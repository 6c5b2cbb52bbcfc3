import AgentTesting
import Foundation
import Glibc
import RunCore
import Testing

/// `--isolate`: a plugin's code in a process of its own, which can do nothing but compute.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct IsolationTests {
    private static let plugins = ["altcraft", "jim", "krenalis", "rclone", "rudder", "rudderstack-profiles"]

    @Test(arguments: plugins) func casesComeOutTheSame(plugin: String) async throws {
        let place = try Workplace()
        let result = try await place.run("plugins", "test", plugin, "--isolate", "--no-faults")
        #expect(result.end == .exited(0), result.comment)
        #expect(result.output.hasSuffix(" passed, 0 failed\n"))
    }

    @Test(arguments: [
        ("while true do end", "time limit exceeded"),
        ("local s = 'x' while true do s = s .. s end", "memory"),
        ("while true do pcall(function() while true do end end) end", "time limit exceeded"),
    ])
    func limitEndsTheRunAndNotTheAgent(code: String, message: String) async throws {
        let place = try Workplace()
        let plugin = """
            return {
              api = 1, name = "bad", version = "1.0.0", summary = "Hurts", base_url = "http://127.0.0.1:9", target = false,
              trigger = { request = function() \(code) end, remote = { id = "json.id" } },
              poll = { request = "GET /runs", status = "json.s", states = { done = "succeeded" } },
            }
            """
        try FileManager.default.createDirectory(atPath: "\(place.folder)/own", withIntermediateDirectories: true)
        try Data(plugin.utf8).write(to: URL(fileURLWithPath: "\(place.folder)/own/bad.lua"))
        let document = try await place.document("run", "bad", "--plugins", "own", "--isolate")
        #expect(document["exit_status"] == 10)
        #expect(document["reason"]?.string?.contains(message) == true, "\(document["reason"]?.text ?? "")")
    }

    @Test func processIsShutInAndItsEndIsAFaultOfThePlugin() async throws {
        try await withFakeJIM { jim, place in
            place.environment["AGENT_JIM_ISOLATE"] = "true"
            let driver = try place.start("run", "jim", "1/1", "--poll", "250ms", "--format", "jsonl")
            let id = try await place.run(of: driver, in: "running")
            // The answer of the first poll is read by a function of the plugin before the second is sent.
            await jim.poll(afterConnection: 0)
            await jim.poll(afterConnection: 0)
            let child = try #require(
                Self.children(of: driver.id).first { Self.arguments(of: $0).contains("isolated-plugin") }
            )
            let status = try String(contentsOfFile: "/proc/\(child)/status", encoding: .utf8)
            #expect(status.contains("NoNewPrivs:\t1\n"))
            #expect(status.contains("Seccomp:\t2\n"))

            #expect(kill(child, SIGKILL) == 0)
            let result = try await Workplace.result(of: driver)
            #expect(result.end == .exited(10), result.comment)
            #expect(result.output.contains("the plugin's process is gone"))

            // The remote run goes on, and so can its watching.
            jim.end.open()
            let document = try await place.document("resume", id)
            #expect(document["state"] == "succeeded")
            #expect(jim.starts == 1)
        }
    }

    private static func children(of process: pid_t) -> [pid_t] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return tasks.flatMap { task -> [pid_t] in
            let text = try? String(contentsOfFile: "/proc/\(process)/task/\(task)/children", encoding: .utf8)
            return (text ?? "").split(separator: " ").compactMap { pid_t($0) }
        }
    }

    private static func arguments(of process: pid_t) -> String {
        let data = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}
