/// The part of a simulator that every plugin shares: the table `sim` that routes get.
enum SimulatorPrelude {
    /// Lua source of a module with one function, `handle(simulator, call)`.
    ///
    /// It returns the route's answer, and how many runs began with it.
    static let source = """
        local ids = 0

        local function guid(seed)
          ids = ids + 1
          return ("%08x-0000-4000-8000-%012x"):format(seed % 0x100000000, ids)
        end

        local function helpers(call, state)
          local sim = { settings = call.settings }

          function sim.option(name, default)
            local value = call.options[name]
            if value == nil then value = default end
            if value == nil then error("the simulator has no option " .. tostring(name), 2) end
            return value
          end

          function sim.now() return call.now end
          function sim.time(seconds) return agent.time.format(seconds or call.now) end
          function sim.id() return guid(call.seed) end

          function sim.start(run)
            run.id = run.id or guid(call.seed)
            run.started = call.now
            run.takes = run.takes or call.options.takes or 0
            state.runs[run.id] = run
            return run
          end

          function sim.run(id) return state.runs[id] end
          function sim.elapsed(run) return call.now - run.started end
          function sim.ended(run) return call.now - run.started >= run.takes end

          function sim.fraction(run)
            if run.takes <= 0 then return 1 end
            return math.min(1, (call.now - run.started) / run.takes)
          end

          function sim.running(target)
            for _, run in pairs(state.runs) do
              if run.target == target and not sim.ended(run) then return run end
            end
            return nil
          end

          function sim.bearer(request, token)
            return request.headers.authorization == "Bearer " .. token
          end

          return sim
        end

        -- The runs that were looked at before, by their tables: of an id that is used again there is another one.
        local seen = {}

        -- How many runs began just now. One that is put into the past, as if it had been there, did not.
        local function begun(runs, now)
          local count = 0
          if type(runs) ~= "table" then return count end
          for _, run in pairs(runs) do
            if not seen[run] then
              seen[run] = true
              if type(run) == "table" and run.started == now then count = count + 1 end
            end
          end
          return count
        end

        local function handle(simulator, call)
          local state = simulator.state or {}
          simulator.state = state
          state.runs = state.runs or {}
          local answer = simulator.routes[call.key](call.request, state, helpers(call, state))
          return answer or false, begun(state.runs, call.now)
        end

        return { handle = handle }
        """
}
