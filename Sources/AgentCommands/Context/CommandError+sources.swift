import HTTPTransport
import PluginHost
import RunCore

extension CommandError {
    /// The command's view of an error of the modules below; nil for one of no known kind.
    init?(_ error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case let error as RunError: self.init(run: error)
        case let failure as PluginLoader.Failure: self.init(plugin: failure)
        case let fault as PluginFault: self.init(.pluginFault, "plugin_fault", fault.summary)
        case let error as TransportSettingsError:
            self.init(.configuration, "bad_setting", error.message)
        default: return nil
        }
    }

    private init(run error: RunError) {
        let (status, code): (ExitStatus, String) =
            switch error.code {
            case .store: (.internalFault, "store")
            case .stateFolder: (.configuration, "state_folder")
            case .noSuchRun: (.usage, "no_such_run")
            case .heldElsewhere: (.heldElsewhere, "held_elsewhere")
            case .notApplicable: (.usage, "not_applicable")
            }
        self.init(status, code, error.message, hint: error.hint)
    }

    private init(plugin failure: PluginLoader.Failure) {
        let problems = failure.problems.map(\.text)
        let message =
            problems.count == 1 ? problems[0] : "\(problems.count) problems:\n  " + problems.joined(separator: "\n  ")
        self.init(.configuration, "bad_plugin", message, hint: "check it again with: agent plugins check PATH")
    }
}
