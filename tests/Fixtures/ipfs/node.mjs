// A js-ipfs node for tests: its own repository folder, loopback ports of the system's choice, no peers but the one given.
import { create } from 'ipfs-core'
import { HttpApi } from 'ipfs-http-server'
import { HttpGateway } from 'ipfs-http-gateway'

const [repo, peer] = process.argv.slice(2)
const anyPort = '/ip4/127.0.0.1/tcp/0'
const ipfs = await create({
  repo,
  silent: true,
  init: { emptyRepo: true, profiles: ['test'] },
  config: {
    Addresses: { Swarm: [anyPort], API: anyPort, Gateway: anyPort },
    Bootstrap: [],
    Discovery: { MDNS: { Enabled: false }, webRTCStar: { Enabled: false } }
  },
  preload: { enabled: false }
})
const api = new HttpApi(ipfs)
await api.start()
const gateway = new HttpGateway(ipfs)
await gateway.start()

const rpc = api._apiServers[0].info.uri
if (peer) {
  const answer = await fetch(`${rpc}/api/v0/swarm/connect?arg=${encodeURIComponent(peer)}`, { method: 'POST' })
  if (!answer.ok) {
    throw new Error(`No connection to ${peer}: ${await answer.text()}`)
  }
}

const [swarm] = await ipfs.swarm.localAddrs()
console.log(JSON.stringify({
  rpc,
  gateway: gateway._gatewayServers[0].info.uri,
  swarm: swarm.toString()
}))

// It ends with whoever started it: their end of this pipe closes, however they end.
process.stdin.on('end', () => process.exit(0)).resume()
